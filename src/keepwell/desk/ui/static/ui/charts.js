// Draws charts from the JSON that each of them bears, with the page's tokens; canvas, no inline style, no eval.
(function () {
  "use strict";
  const token = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

  function tokens() {
    return {
      ink: token("--kw-ink"), soft: token("--kw-ink-soft"), faint: token("--kw-ink-faint"),
      line: token("--kw-line"), paper: token("--kw-paper"), accent: token("--kw-accent"),
      accentInk: token("--kw-accent-ink"), amber: token("--kw-amber-line"), wash: token("--kw-accent-wash"),
      up: token("--kw-up"), down: token("--kw-down"), font: token("--kw-sans"),
    };
  }

  const count = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 2 }).replace("-", "−");
  const words = (c) => ({ color: c.soft, fontFamily: c.font, fontSize: 12 });

  function base(c) {
    return {
      animation: false,
      textStyle: { fontFamily: c.font, color: c.soft, fontSize: 12 },
      tooltip: {
        renderMode: "richText", confine: true, backgroundColor: c.paper, borderColor: c.line, borderWidth: 1,
        shadowBlur: 0, shadowColor: "transparent", padding: [6, 10], textStyle: { color: c.ink, fontSize: 12 },
      },
    };
  }

  const valueAxis = (c, extra) => ({
    type: "value", axisLabel: { ...words(c), formatter: count }, axisLine: { show: false }, axisTick: { show: false },
    splitLine: { lineStyle: { color: c.line } }, splitNumber: 4, ...extra,
  });
  const nameAxis = (c, names, extra) => ({
    type: "category", data: names, axisLabel: words(c), axisLine: { lineStyle: { color: c.line } },
    axisTick: { show: false }, ...extra,
  });

  // A solid mix of accent and paper: an opacity would fade the number in the cell as well.
  function mixed(accent, paper, weight) {
    const part = (color, at) => parseInt(color.slice(at, at + 2), 16);
    const channel = (at) => Math.round(part(accent, at) * weight + part(paper, at) * (1 - weight));
    return `rgb(${channel(1)}, ${channel(3)}, ${channel(5)})`;
  }

  const shades = [1, 0.62, 0.4, 0.26];
  const dashes = ["solid", [6, 3], [2, 3], [8, 3, 2, 3]];

  function oneSeries(c, series, subjects) {
    const color = { subject: c.accent, comparison: c.faint, threshold: c.amber, change: c.up }[series.role];
    const values = series.role === "change"
      ? series.values.map((v) => ({ value: v, itemStyle: { color: v < 0 ? c.down : c.up } }))
      : series.values;
    if (series.kind === "bar") {
      return { type: "bar", name: series.name, data: values, itemStyle: { color, opacity: shades[subjects] }, barMaxWidth: 18 };
    }
    return {
      type: "line", name: series.name, data: values, showSymbol: false, connectNulls: false, symbolSize: 6,
      lineStyle: { color, width: 2, opacity: shades[subjects], type: series.role === "threshold" ? [5, 4] : dashes[subjects] },
      itemStyle: { color },
      areaStyle: series.area ? { color: c.accent, opacity: 0.07 } : undefined,
      endLabel: { show: false, formatter: "{a}", color: c.soft, fontSize: 12 },
    };
  }

  function axes(c, data) {
    let subjects = -1;
    const several = data.series.filter((one) => one.kind === "line").length > 1;
    const series = data.series.map((one) => {
      if (one.role === "subject") subjects += 1;
      const drawn = oneSeries(c, one, one.role === "subject" ? subjects : 0);
      if (drawn.endLabel) drawn.endLabel.show = several && one.kind === "line";
      return drawn;
    });
    const isLine = data.series.some((one) => one.kind === "line");
    const room = several && isLine ? Math.max(...data.series.map((one) => one.name.length)) * 12 + 14 : 12;
    return {
      tooltip: { ...base(c).tooltip, trigger: "axis", valueFormatter: (v) => (v == null ? "—" : count(v)), axisPointer: { lineStyle: { color: c.faint }, shadowStyle: { color: c.line, opacity: 0.4 } } },
      grid: { left: 4, right: Math.min(room, 130), top: 12, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: nameAxis(c, data.categories, { boundaryGap: data.series.some((one) => one.kind === "bar") }),
      yAxis: valueAxis(c),
      series,
    };
  }

  // On a phone a long name may take half the drawing and breaks there; a short one takes what it needs.
  const letters = (name) => [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? 12 : 7), 0);

  function bars(c, data, width) {
    const half = Math.round(width * 0.45);
    const isLong = data.items.some((item) => letters(item[0]) > half);
    const values = data.items.map((item) => item[1]);
    return {
      tooltip: { ...base(c).tooltip, trigger: "item", formatter: (p) => `${p.name}  ${count(p.value)}` },
      grid: { left: 4, right: 56, top: 4, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: valueAxis(c, { min: Math.min(0, ...values), axisLabel: { show: false }, splitLine: { show: false } }),
      yAxis: nameAxis(c, data.items.map((item) => item[0]), { inverse: true, axisLine: { show: false }, axisLabel: isLong ? { ...words(c), width: half, overflow: "break", lineHeight: 13 } : words(c) }),
      series: [{
        type: "bar", data: values, barMaxWidth: 14, itemStyle: { color: c.accent, borderRadius: 3 },
        label: { show: true, position: "right", color: c.ink, backgroundColor: c.paper, padding: [1, 3], fontSize: 12, formatter: (p) => count(p.value) },
        markLine: data.mark == null ? undefined : { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: c.amber, type: "dashed" }, data: [{ xAxis: data.mark }] },
      }],
    };
  }

  function grid(c, data) {
    const cells = [];
    data.values.forEach((line, y) => line.forEach((value, x) => cells.push([x, y, value])));
    const most = Math.max(1, ...cells.map((cell) => cell[2] || 0));
    const points = cells.map((cell) => {
      const weight = (cell[2] || 0) / most;
      return { value: [cell[0], cell[1], cell[2] == null ? "-" : cell[2]], itemStyle: { color: mixed(c.accent, c.paper, 0.06 + 0.84 * weight), borderColor: c.paper, borderWidth: 2 }, label: { color: weight > 0.55 ? c.accentInk : c.ink } };
    });
    return {
      tooltip: { ...base(c).tooltip, formatter: (p) => `${data.rows[p.value[1]]} · ${data.columns[p.value[0]]}  ${count(p.value[2])}` },
      grid: { left: 4, right: 4, top: 4, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: nameAxis(c, data.columns, { position: "top", axisLine: { show: false } }),
      yAxis: nameAxis(c, data.rows, { inverse: true, axisLine: { show: false } }),
      series: [{ type: "heatmap", data: points, label: { show: true, fontSize: 13, formatter: (p) => (p.value[2] === "-" ? "" : count(p.value[2])) }, emphasis: { disabled: true } }],
    };
  }

  function sankey(c, data) {
    const side = (names, letter) => names.map((name, at) => ({ name: `${letter}${at}`, label: { formatter: name, position: letter === "l" ? "left" : "right", width: room(names) - 8, overflow: "break" }, itemStyle: { color: c.accent } }));
    const name = (id) => (id[0] === "l" ? data.left : data.right)[Number(id.slice(1))];
    const wide = (word) => [...word].reduce((sum, sign) => sum + (sign > "\u2e7f" || sign === "·" ? 12 : 7.2), 0);
    const room = (names) => Math.min(window.innerWidth < 720 ? 84 : 180, Math.max(60, ...names.map(wide)) + 12);
    return {
      tooltip: { ...base(c).tooltip, formatter: (p) => (p.dataType === "edge" ? `${name(p.data.source)} → ${name(p.data.target)}  ${count(p.data.value)}` : `${name(p.name)}  ${count(p.value)}`) },
      series: [{
        type: "sankey", left: room(data.left), right: room(data.right), top: 8, bottom: 8, nodeWidth: 8, nodeGap: 10, draggable: false, layoutIterations: 0,
        label: { color: c.ink, fontSize: 12 }, lineStyle: { color: c.accent, opacity: 0.18, curveness: 0.5 }, emphasis: { focus: "adjacency" },
        data: [...side(data.left, "l"), ...side(data.right, "r")],
        links: data.flows.map((flow) => ({ source: `l${flow[0]}`, target: `r${flow[1]}`, value: flow[2] })),
      }],
    };
  }

  function lorenz(c, data) {
    const line = (name, points, color, type, width) => ({ type: "line", name, data: points, showSymbol: false, lineStyle: { color, type, width }, itemStyle: { color } });
    return {
      legend: { top: 0, right: 0, textStyle: words(c), data: data.curves.map((curve) => curve[0]), icon: "rect", itemHeight: 2, itemWidth: 16 },
      tooltip: { ...base(c).tooltip, trigger: "item" },
      grid: { left: 4, right: 12, top: 28, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: valueAxis(c, { min: 0, max: 1, interval: 0.25, splitLine: { show: false } }),
      yAxis: valueAxis(c, { min: 0, max: 1, interval: 0.25 }),
      series: [
        ...data.curves.map((curve, at) => line(curve[0], curve[1], at ? c.faint : c.accent, "solid", 2)),
        { ...line("", [[0, 0], [1, 1]], c.faint, "dashed", 1), silent: true, tooltip: { show: false } },
      ],
    };
  }

  const kinds = { axes, bars, grid, sankey, lorenz };
  const drawn = new Map();

  function draw(place) {
    const data = JSON.parse(place.dataset.chart);
    const c = tokens();
    let chart = drawn.get(place);
    if (!chart) {
      chart = window.echarts.init(place, null, { renderer: "canvas" });
      drawn.set(place, chart);
    }
    chart.setOption({ ...base(c), ...kinds[data.kind](c, data, place.clientWidth) }, true);
  }

  function drawAll() {
    for (const [place, chart] of drawn) {
      if (!place.isConnected) {
        chart.dispose();
        drawn.delete(place);
      }
    }
    document.querySelectorAll("[data-chart]").forEach(draw);
  }

  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  new MutationObserver(drawAll).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  window.matchMedia("print").addEventListener("change", drawAll); // on paper in the colours of paper
  document.addEventListener("htmx:afterSettle", drawAll);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", drawAll);
  else drawAll();
})();
