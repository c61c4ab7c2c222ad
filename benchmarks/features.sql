-- The same client features as the engine's rule, written by hand for DuckDB: what the rule is measured against.
-- Every account in yuan; :cut stands for the as-of date. Account by account first, then by client.
WITH owner AS (SELECT account_code, client_id FROM client_account),
traded AS (
    SELECT account_code,
        count(*) FILTER (traded_on > :cut - 30) AS n30, count(*) FILTER (traded_on > :cut - 90) AS n90,
        count(*) FILTER (traded_on > :cut - 180) AS n180, count(*) FILTER (traded_on > :cut - 365) AS n365,
        count(*) AS n, max(traded_on) AS last_on, max(traded_on) FILTER (side = 'buy') AS bought_on,
        sum(traded_amount) FILTER (traded_on > :cut - 30) AS t30, sum(traded_amount) FILTER (traded_on > :cut - 90) AS t90,
        sum(traded_amount) FILTER (traded_on > :cut - 180) AS t180,
        sum(traded_amount) FILTER (traded_on > :cut - 365) AS t365,
        sum(commission_amount) FILTER (traded_on > :cut - 365) AS commission,
        sum(pass_through_amount) FILTER (traded_on > :cut - 365) AS pass_through
    FROM trade WHERE traded_on <= :cut AND known_on <= :cut GROUP BY account_code),
trading AS (
    SELECT client_id, sum(n30) AS n_trades_30d, sum(n90) AS n_trades_90d, sum(n180) AS n_trades_180d,
        sum(n365) AS n_trades_365d, sum(n) AS n_trades_ever, max(last_on) AS last_trade_on, max(bought_on) AS last_bought_on,
        sum(t30) AS turnover_30d_amount, sum(t90) AS turnover_90d_amount, sum(t180) AS turnover_180d_amount,
        sum(t365) AS turnover_365d_amount,
        sum(commission) AS commission_365d_amount, sum(pass_through) AS pass_through
    FROM traded JOIN owner USING (account_code) GROUP BY client_id),
products AS (
    SELECT client_id, count(DISTINCT product_code) AS n_products_365d,
        count(DISTINCT product_code) FILTER (is_late) AS n_products_180d,
        count(DISTINCT product_code) FILTER (is_late) - count(DISTINCT product_code) FILTER (is_before) AS n_products_more_180d
    FROM (SELECT account_code, product_code, bool_or(traded_on > :cut - 180) AS is_late,
            bool_or(traded_on > :cut - 360 AND traded_on <= :cut - 180) AS is_before
          FROM trade WHERE traded_on > :cut - 365 AND traded_on <= :cut AND known_on <= :cut
          GROUP BY account_code, product_code)
    JOIN owner USING (account_code) GROUP BY client_id),
gapped AS (
    SELECT client_id, count(*) AS n, max(traded_on) AS last_on, max(traded_on) - min(traded_on) AS whole,
        sum(gap * gap) FILTER (is_between) AS squares,
        sum(round(gap / 366.0::DOUBLE * ln(gap / 366.0::DOUBLE), 8)::DECIMAL(18,8)) AS entropy
    FROM (SELECT client_id, traded_on, traded_on - lag(traded_on, 1, :cut - 365) OVER days AS gap,
            lag(traded_on) OVER days IS NOT NULL AS is_between
          FROM (SELECT DISTINCT client_id, traded_on
                FROM (SELECT DISTINCT account_code, traded_on FROM trade
                      WHERE traded_on > :cut - 365 AND traded_on <= :cut AND known_on <= :cut)
                JOIN owner USING (account_code))
          WINDOW days AS (PARTITION BY client_id ORDER BY traded_on))
    GROUP BY client_id),
gaps AS (
    SELECT client_id, n AS n_trade_days_365d,
        CASE WHEN n >= 5 THEN round(whole / (n - 1)::DOUBLE, 2) END AS usual_trade_gap,
        CASE WHEN n >= 5 AND (n - 1) * squares > whole * whole THEN round((:cut - last_on - whole / (n - 1)::DOUBLE)
            / sqrt(((n - 1) * squares - whole * whole)::DOUBLE / ((n - 1) * (n - 2))::DOUBLE), 2) END AS trade_gap_score,
        CASE WHEN n >= 5 THEN round(1 + (entropy + round((:cut - last_on + 1) / 366.0::DOUBLE
            * ln((:cut - last_on + 1) / 366.0::DOUBLE), 8)::DECIMAL(18,8))::DOUBLE / ln(n + 1), 6) END AS trade_clumpiness_share
    FROM gapped),
sold AS MATERIALIZED (
    SELECT account_code, product_code, sum(quantity) AS sold,
        sum(traded_amount - commission_amount - tax_amount) AS brought
    FROM trade WHERE side = 'sell' AND traded_on > :cut - 365 AND traded_on <= :cut AND known_on <= :cut
    GROUP BY account_code, product_code),
bought AS (
    SELECT account_code, product_code, sum(quantity) AS bought, sum(cost) AS cost
    FROM (SELECT account_code, product_code, quantity, traded_amount + commission_amount + tax_amount AS cost FROM trade
          WHERE side = 'buy' AND traded_on <= :cut AND known_on <= :cut
          UNION ALL SELECT account_code, product_code, quantity, 0 FROM entitlement
          WHERE paid_on <= :cut AND known_on <= :cut)
    SEMI JOIN sold USING (account_code, product_code) GROUP BY account_code, product_code HAVING sum(cost) > 0),
realised AS (
    SELECT client_id, sum(result) AS realised_365d_amount
    FROM (SELECT account_code, CASE WHEN sold <= bought THEN brought
                ELSE round(brought::DOUBLE * (bought / sold::DOUBLE), 2)::DECIMAL(38,2) END
            - CASE WHEN bought <= sold THEN cost
                ELSE round(cost::DOUBLE * (sold::DOUBLE / bought::DOUBLE), 2)::DECIMAL(38,2) END AS result
          FROM sold JOIN bought USING (account_code, product_code) WHERE bought > 0
          UNION ALL SELECT account_code, cash_amount FROM entitlement
          WHERE paid_on > :cut - 365 AND paid_on <= :cut AND known_on <= :cut)
    JOIN owner USING (account_code) GROUP BY client_id),
moved AS (
    SELECT account_code,
        sum(flow_amount) FILTER (side = 'in' AND flowed_on > :cut - 7) AS i7,
        sum(flow_amount) FILTER (side = 'in' AND flowed_on > :cut - 30) AS i30,
        sum(flow_amount) FILTER (side = 'in' AND flowed_on > :cut - 90) AS i90,
        sum(flow_amount) FILTER (side = 'in' AND flowed_on > :cut - 180) AS i180,
        sum(flow_amount) FILTER (side = 'in' AND flowed_on > :cut - 365) AS i365,
        sum(flow_amount) FILTER (side = 'out' AND flowed_on > :cut - 7) AS o7,
        sum(flow_amount) FILTER (side = 'out' AND flowed_on > :cut - 30) AS o30,
        sum(flow_amount) FILTER (side = 'out' AND flowed_on > :cut - 90) AS o90,
        sum(flow_amount) FILTER (side = 'out' AND flowed_on > :cut - 180) AS o180,
        sum(flow_amount) FILTER (side = 'out' AND flowed_on > :cut - 365) AS o365,
        count(*) FILTER (flowed_on > :cut - 365) AS n, max(flowed_on) AS last_on
    FROM cash_flow WHERE flowed_on <= :cut AND known_on <= :cut GROUP BY account_code),
flows AS (
    SELECT client_id, sum(i7) AS inflow_7d_amount, sum(i30) AS inflow_30d_amount, sum(i90) AS inflow_90d_amount,
        sum(i180) AS inflow_180d_amount, sum(o180) AS outflow_180d_amount, sum(i365) AS inflow_365d_amount, sum(o7) AS outflow_7d_amount, sum(o30) AS outflow_30d_amount,
        sum(o90) AS outflow_90d_amount, sum(o365) AS outflow_365d_amount, sum(n) AS n_flows_365d, max(last_on) AS last_flow_on
    FROM moved JOIN owner USING (account_code) GROUP BY client_id),
transferred AS (
    SELECT client_id, sum(amount) FILTER (is_in AND is_late) AS transfer_in_90d_amount,
        sum(amount) FILTER (is_in) AS transfer_in_365d_amount,
        sum(amount) FILTER (NOT is_in AND is_late) AS transfer_out_90d_amount,
        sum(amount) FILTER (NOT is_in) AS transfer_out_365d_amount
    FROM (SELECT account_code, transfer_amount AS amount, transfer_kind = 'custody_in' AS is_in,
            transferred_on > :cut - 90 AS is_late FROM transfer
          WHERE transferred_on > :cut - 365 AND transferred_on <= :cut AND known_on <= :cut
            AND transfer_kind IN ('custody_in', 'custody_out', 'revoke'))
    JOIN owner USING (account_code) GROUP BY client_id),
largest AS (
    SELECT client_id, max(flow_amount) AS largest_outflow_30d_amount,
        max(flowed_on) FILTER (place = 1) AS largest_outflow_on,
        max(flowed_on) FILTER (place_in_week = 1 AND in_week) AS largest_outflow_7d_on
    FROM (SELECT client_id, flow_amount, flowed_on, flowed_on > :cut - 7 AS in_week,
            row_number() OVER (PARTITION BY client_id ORDER BY flow_amount DESC, flowed_on DESC, flow_code DESC) AS place,
            row_number() OVER (PARTITION BY client_id, flowed_on > :cut - 7
                               ORDER BY flow_amount DESC, flowed_on DESC, flow_code DESC) AS place_in_week
          FROM cash_flow JOIN owner USING (account_code)
          WHERE side = 'out' AND flowed_on > :cut - 30 AND flowed_on <= :cut AND known_on <= :cut)
    GROUP BY client_id),
logged AS (
    SELECT account_code, max(logged_in_on) AS last_on,
        bit_or(1 << bit) FILTER (ago < 60) AS d0, bit_or(1 << bit) FILTER (ago >= 60 AND ago < 120) AS d1,
        bit_or(1 << bit) FILTER (ago >= 120 AND ago < 180) AS d2, bit_or(1 << bit) FILTER (ago >= 180 AND ago < 240) AS d3,
        bit_or(1 << bit) FILTER (ago >= 240 AND ago < 300) AS d4, bit_or(1 << bit) FILTER (ago >= 300 AND ago < 360) AS d5,
        bit_or(1 << bit) FILTER (ago >= 360 AND ago < 365) AS d6
    FROM (SELECT account_code, logged_in_on, CAST(:cut - logged_in_on AS BIGINT) AS ago, ago % 60 AS bit
          FROM login WHERE logged_in_on <= :cut AND known_on <= :cut)
    GROUP BY account_code),
presence AS (
    SELECT client_id, last_login_on, bit_count(d0 & ((1 << 30) - 1)) AS n_logins_30d,
        bit_count(d0)::INT + bit_count(d1 & ((1 << 30) - 1)) AS n_logins_90d,
        bit_count(d0)::INT + bit_count(d1) + bit_count(d2) AS n_logins_180d,
        bit_count(d0)::INT + bit_count(d1) + bit_count(d2) + bit_count(d3) + bit_count(d4) + bit_count(d5) + bit_count(d6)
        AS n_logins_365d,
        bit_count(d0 >> 30)::INT + bit_count(d1) + bit_count(d2) + bit_count(d3 & ((1 << 30) - 1)) AS n_norm
    FROM (SELECT client_id, max(last_on) AS last_login_on, coalesce(bit_or(d0), 0) AS d0, coalesce(bit_or(d1), 0) AS d1,
            coalesce(bit_or(d2), 0) AS d2, coalesce(bit_or(d3), 0) AS d3, coalesce(bit_or(d4), 0) AS d4,
            coalesce(bit_or(d5), 0) AS d5, coalesce(bit_or(d6), 0) AS d6
          FROM logged JOIN owner USING (account_code) GROUP BY client_id)),
latest AS MATERIALIZED (
    SELECT account_code, arg_max(cash_amount, held_on) AS cash, arg_max(stock_amount, held_on) AS stock,
        arg_max(b_stock_amount, held_on) AS b_stock, arg_max(hk_stock_amount, held_on) AS hk_stock,
        arg_max(fund_amount, held_on) AS fund,
        arg_max(warrant_amount, held_on) AS warrant, arg_max(bond_amount, held_on) AS bond,
        arg_max(wealth_amount, held_on) AS wealth, arg_max(debt_amount, held_on) AS debt,
        arg_max(total, held_on) FILTER (held_on < :cut - 500) AS base,
        arg_max(total - debt_amount, held_on) FILTER (held_on < :cut - 500) AS base_net
    FROM (SELECT *, cash_amount + stock_amount + b_stock_amount + hk_stock_amount + fund_amount + warrant_amount + bond_amount
            + wealth_amount AS total FROM daily_asset WHERE held_on <= :cut)
    GROUP BY account_code),
ranked AS (
    SELECT day_on, greatest(n_trading - is_trading::INT - (max(n_trading) OVER () - 250), 0) AS rank
    FROM calendar_day WHERE day_on <= :cut),
spans AS (
    SELECT account_code, held_on, total, net, coalesce(rank, 0) AS rank, lead(held_on) OVER held AS next_on,
        coalesce(lead(coalesce(rank, 0)) OVER held, 250) AS next_rank
    FROM (SELECT account_code, held_on, cash_amount + stock_amount + b_stock_amount + hk_stock_amount + fund_amount + warrant_amount
            + bond_amount + wealth_amount AS total, total - debt_amount AS net
          FROM daily_asset WHERE held_on >= :cut - 500 AND held_on <= :cut
          UNION ALL SELECT account_code, :cut - 501, base, base_net FROM latest WHERE base IS NOT NULL)
    LEFT JOIN ranked ON held_on = day_on
    WINDOW held AS (PARTITION BY account_code ORDER BY held_on)),
past AS (
    SELECT account_code, sum(net * (greatest(next_rank, 230) - greatest(rank, 230))) AS s20,
        sum(net * (greatest(next_rank, 190) - greatest(rank, 190))) AS s60, sum(net * (next_rank - rank)) AS s250,
        sum(total) FILTER (held_on <= :cut - 30 AND (next_on IS NULL OR next_on > :cut - 30)) AS ago_30,
        sum(total) FILTER (held_on <= :cut - 90 AND (next_on IS NULL OR next_on > :cut - 90)) AS ago_90,
        sum(total) FILTER (held_on <= :cut - 365 AND (next_on IS NULL OR next_on > :cut - 365)) AS ago_365
    FROM spans GROUP BY account_code),
worth AS (
    SELECT client_id, sum(cash) AS cash_amount, sum(stock + b_stock + hk_stock) AS stock_amount, sum(hk_stock) AS hk_stock_amount, sum(fund) AS fund_amount,
        sum(b_stock) AS b_stock_amount, sum(warrant) AS warrant_amount, sum(bond) AS bond_amount, sum(wealth) AS wealth_amount, sum(debt) AS debt_amount,
        sum(cash + stock + b_stock + hk_stock + fund + warrant + bond + wealth) AS assets_amount,
        round(sum(s20)::DOUBLE / 20, 2)::DECIMAL(18,2) AS net_assets_20d_amount,
        round(sum(s60)::DOUBLE / 60, 2)::DECIMAL(18,2) AS net_assets_60d_amount,
        round(sum(s250)::DOUBLE / 250, 2)::DECIMAL(18,2) AS net_assets_250d_amount,
        coalesce(sum(ago_30), 0) AS ago_30, coalesce(sum(ago_90), 0) AS ago_90, coalesce(sum(ago_365), 0) AS ago_365
    FROM latest LEFT JOIN past USING (account_code) JOIN owner USING (account_code) GROUP BY client_id),
grown AS (
    SELECT client_id, month_on, assets_amount, net_assets_amount + outflow_amount - base AS result,
        CASE WHEN base > 0 THEN round(ln(greatest((base::DOUBLE + (net_assets_amount + outflow_amount - base)::DOUBLE)
            / base::DOUBLE, 1e-9)), 8)::DECIMAL(18,8) ELSE 0 END AS log
    FROM (SELECT *, lag(net_assets_amount, 1, 0) OVER (PARTITION BY client_id ORDER BY month_on) + inflow_amount AS base
          FROM client_month WHERE month_on >= last_day(:cut - INTERVAL 12 MONTH))),
results AS (
    SELECT client_id, sum(result) FILTER (is_counted) AS result_12m_amount,
        datediff('month', coalesce(max(month_on) FILTER (result >= 0 AND is_counted), last_day(:cut - INTERVAL 12 MONTH)),
            :cut) AS n_losing_months,
        round(1 - exp(least(min(since) FILTER (is_counted), 0)::DOUBLE), 6) AS drawdown_12m_share,
        max(assets_amount) FILTER (month_on > :cut - 365) AS peak_assets_365d_amount
    FROM (SELECT *, month_on > last_day(:cut - INTERVAL 12 MONTH) AS is_counted,
            sum(log) OVER (PARTITION BY client_id ORDER BY month_on DESC) AS since FROM grown)
    GROUP BY client_id),
fallen AS (
    SELECT round((max(level) - arg_max(level, month_on))::DOUBLE / max(level)::DOUBLE, 6) AS index_drawdown_12m_share
    FROM (SELECT least(last_day(:cut - to_months(k::INT)), :cut) AS month_on FROM range(13) t(k))
    ASOF JOIN (SELECT * FROM index_price WHERE index_code = 'KW300') ON month_on >= priced_on),
earned AS (
    SELECT client_id, sum(income_amount) AS other_income FROM other_income JOIN owner USING (account_code)
    WHERE earned_on > :cut - 365 AND earned_on <= :cut AND known_on <= :cut GROUP BY client_id),
held AS (
    SELECT client_id, count(*) AS n_holdings, count(DISTINCT product_kind) AS n_product_kinds,
        max(market_amount) AS largest_amount, sum(market_amount) AS held_amount,
        sum(market_amount) FILTER (product_kind IN ('stock', 'b_stock', 'warrant')) AS of_stock,
        sum(market_amount) FILTER (product_kind IN ('etf', 'fund')) AS of_fund,
        sum(market_amount) FILTER (product_kind = 'bond') AS of_bond,
        sum(market_amount) FILTER (product_kind IN ('note', 'wealth', 'structured')) AS of_wealth,
        min(matures_on) FILTER (matures_on >= :cut) AS next_maturity_on
    FROM client_holding GROUP BY client_id),
maturing AS (
    SELECT client_id, sum(market_amount) AS next_maturity_amount
    FROM client_holding JOIN held USING (client_id) WHERE matures_on = next_maturity_on GROUP BY client_id),
assessed AS (
    SELECT client_id, risk_level, is_lowest_class, answered_on AS assessed_on, n AS n_assessments_365d,
        coalesce(valid_to, answered_on + INTERVAL 24 MONTH)::DATE AS assessment_valid_to
    FROM (SELECT *, sum((answered_on > :cut - 365)::INT) OVER (PARTITION BY client_id) AS n,
            row_number() OVER (PARTITION BY client_id ORDER BY answered_at DESC, questionnaire_code DESC) AS place
          FROM questionnaire JOIN (SELECT record_code, client_id FROM client_record) USING (record_code)
          WHERE answered_on <= :cut)
    WHERE place = 1),
reached AS (
    SELECT client_id, count(*) FILTER (contacted_on > :cut - 30) AS n_contacts_30d,
        count(*) FILTER (contacted_on > :cut - 90) AS n_contacts_90d,
        count(*) FILTER (contacted_on > :cut - 180) AS n_contacts_180d,
        count(*) FILTER (contacted_on > :cut - 365) AS n_contacts_365d, max(contacted_on) AS last_contact_on
    FROM contact JOIN (SELECT record_code, client_id FROM client_record) USING (record_code)
    WHERE outcome = 'reached' AND contacted_on <= :cut AND known_on <= :cut GROUP BY client_id),
voiced AS (
    SELECT client_id, count(*) FILTER (complaint_kind = 'complaint' AND received_on > :cut - 365) AS n_complaints_365d,
        count(*) FILTER (complaint_kind = 'complaint' AND received_on > :cut - 90) AS n_complaints_90d,
        max(received_on) FILTER (complaint_kind = 'complaint') AS last_complaint_on,
        max(received_on) FILTER (complaint_kind = 'enquiry') AS last_enquiry_on
    FROM complaint JOIN (SELECT record_code, client_id FROM client_record) USING (record_code)
    WHERE received_on <= :cut AND known_on <= :cut GROUP BY client_id),
asked AS (
    SELECT client_id, max(staged_on) AS last_permission_asked_on
    FROM application JOIN (SELECT record_code, client_id FROM client_record) USING (record_code)
    WHERE application_kind = 'permission' AND stage = 'applied' AND staged_on <= :cut AND known_on <= :cut
    GROUP BY client_id),
managed AS (
    SELECT client_id, count(*) AS n_manager_changes_365d
    FROM (SELECT record_code, starts_on, staff_code, lag(staff_code) OVER history AS before
          FROM assignment WHERE relation = 'service' AND starts_on <= :cut
          WINDOW history AS (PARTITION BY record_code ORDER BY starts_on, staff_code))
    JOIN (SELECT record_code, client_id FROM client_record) USING (record_code)
    WHERE before <> staff_code AND starts_on > :cut - 365 GROUP BY client_id),
standing AS (
    SELECT client_id, count(*) FILTER (is_open) AS n_open_accounts,
        bool_or(is_open AND account_kind = 'credit') AS has_credit
    FROM (SELECT *, opened_on <= :cut AND (closed_on IS NULL OR closed_on > :cut) AS is_open FROM client_account)
    GROUP BY client_id),
listed AS (
    SELECT client_id, count(*) AS n_securities_accounts FROM securities_account s JOIN owner USING (account_code)
    WHERE s.opened_on <= :cut AND (s.closed_on IS NULL OR s.closed_on > :cut) GROUP BY client_id),
permitted AS (
    SELECT client_id, count(DISTINCT permission_kind) AS n_permissions FROM permission JOIN owner USING (account_code)
    WHERE granted_on <= :cut AND (withdrawn_on IS NULL OR withdrawn_on > :cut) GROUP BY client_id),
known AS (
    SELECT client_id, greatest(:cut - opened_on, 0) AS tenure_days,
        coalesce(n_open_accounts, 0) AS n_open_accounts, coalesce(n_securities_accounts, 0) AS n_securities_accounts,
        coalesce(n_permissions, 0) AS n_permissions, 0 AS n_unconverted_accounts, coalesce(has_credit, false) AS has_credit,
        coalesce(assets_amount, 0) AS assets_amount, coalesce(assets_amount - debt_amount, 0) AS net_assets_amount,
        coalesce(cash_amount, 0) AS cash_amount, coalesce(stock_amount, 0) AS stock_amount,
        coalesce(b_stock_amount, 0) AS b_stock_amount, coalesce(hk_stock_amount, 0) AS hk_stock_amount,
        coalesce(warrant_amount, 0) AS warrant_amount,
        coalesce(fund_amount, 0) AS fund_amount, coalesce(bond_amount, 0) AS bond_amount,
        coalesce(wealth_amount, 0) AS wealth_amount, coalesce(debt_amount, 0) AS debt_amount,
        coalesce(net_assets_20d_amount, 0) AS net_assets_20d_amount,
        coalesce(net_assets_60d_amount, 0) AS net_assets_60d_amount,
        coalesce(net_assets_250d_amount, 0) AS net_assets_250d_amount,
        coalesce(peak_assets_365d_amount, 0) AS peak_assets_365d_amount, ago_30, ago_90, ago_365,
        result_12m_amount, n_losing_months, drawdown_12m_share, index_drawdown_12m_share,
        coalesce(realised_365d_amount, 0) AS realised_365d_amount,
        coalesce(transfer_in_90d_amount, 0) AS transfer_in_90d_amount,
        coalesce(transfer_in_365d_amount, 0) AS transfer_in_365d_amount,
        coalesce(transfer_out_90d_amount, 0) AS transfer_out_90d_amount,
        coalesce(transfer_out_365d_amount, 0) AS transfer_out_365d_amount,
        coalesce(inflow_180d_amount, 0) AS inflow_180d_amount, coalesce(outflow_180d_amount, 0) AS outflow_180d_amount,
        coalesce(inflow_7d_amount, 0) AS inflow_7d_amount, coalesce(inflow_30d_amount, 0) AS inflow_30d_amount,
        coalesce(inflow_90d_amount, 0) AS inflow_90d_amount, coalesce(inflow_365d_amount, 0) AS inflow_365d_amount,
        coalesce(outflow_7d_amount, 0) AS outflow_7d_amount, coalesce(outflow_30d_amount, 0) AS outflow_30d_amount,
        coalesce(outflow_90d_amount, 0) AS outflow_90d_amount, coalesce(outflow_365d_amount, 0) AS outflow_365d_amount,
        coalesce(largest_outflow_30d_amount, 0) AS largest_outflow_30d_amount, largest_outflow_on, largest_outflow_7d_on,
        coalesce(n_flows_365d, 0) AS n_flows_365d, last_flow_on,
        coalesce(n_trades_30d, 0) AS n_trades_30d, coalesce(n_trades_90d, 0) AS n_trades_90d,
        coalesce(n_trades_180d, 0) AS n_trades_180d, coalesce(n_trades_365d, 0) AS n_trades_365d,
        coalesce(n_trade_days_365d, 0) AS n_trade_days_365d, coalesce(n_trades_ever, 0) AS n_trades_ever,
        usual_trade_gap, trade_gap_score, trade_clumpiness_share,
        coalesce(n_products_180d, 0) AS n_products_180d, coalesce(n_products_more_180d, 0) AS n_products_more_180d,
        coalesce(turnover_180d_amount, 0) AS turnover_180d_amount,
        coalesce(n_products_365d, 0) AS n_products_365d, coalesce(turnover_30d_amount, 0) AS turnover_30d_amount,
        coalesce(turnover_90d_amount, 0) AS turnover_90d_amount, coalesce(turnover_365d_amount, 0) AS turnover_365d_amount,
        last_bought_on, last_trade_on, coalesce(commission_365d_amount, 0) AS commission_365d_amount,
        coalesce(commission_365d_amount - coalesce(pass_through, 0), 0) AS net_commission_365d_amount,
        coalesce(other_income, 0) AS other_income_365d_amount,
        coalesce(n_logins_30d, 0) AS n_logins_30d, coalesce(n_logins_90d, 0) AS n_logins_90d,
        coalesce(n_logins_180d, 0) AS n_logins_180d,
        coalesce(n_logins_365d, 0) AS n_logins_365d, coalesce(n_norm, 0) AS n_norm, last_login_on,
        greatest(last_trade_on, last_login_on, last_flow_on) AS last_seen_on,
        coalesce(n_holdings, 0) AS n_holdings, coalesce(n_product_kinds, 0) AS n_product_kinds, largest_amount, held_amount,
        of_stock, of_fund, of_bond, of_wealth, next_maturity_on, next_maturity_amount, risk_level, is_lowest_class, assessed_on, assessment_valid_to,
        coalesce(n_assessments_365d, 0) AS n_assessments_365d, coalesce(n_contacts_90d, 0) AS n_contacts_90d,
        coalesce(n_contacts_365d, 0) AS n_contacts_365d, last_contact_on,
        coalesce(n_contacts_30d, 0) AS n_contacts_30d, coalesce(n_contacts_180d, 0) AS n_contacts_180d,
        coalesce(n_complaints_90d, 0) AS n_complaints_90d, last_complaint_on, CASE WHEN manager_since_on IS NOT NULL THEN greatest(:cut - manager_since_on, 0) END AS days_with_manager,
        coalesce(n_manager_changes_365d, 0) AS n_manager_changes_365d,
        coalesce(n_complaints_365d, 0) AS n_complaints_365d, last_enquiry_on, last_permission_asked_on
    FROM client
    LEFT JOIN standing USING (client_id) LEFT JOIN listed USING (client_id) LEFT JOIN permitted USING (client_id)
    LEFT JOIN worth USING (client_id) LEFT JOIN results USING (client_id) LEFT JOIN flows USING (client_id)
    LEFT JOIN largest USING (client_id) LEFT JOIN trading USING (client_id) LEFT JOIN products USING (client_id)
    LEFT JOIN earned USING (client_id) LEFT JOIN presence USING (client_id) LEFT JOIN held USING (client_id)
    LEFT JOIN maturing USING (client_id) LEFT JOIN assessed USING (client_id) LEFT JOIN reached USING (client_id)
    LEFT JOIN voiced USING (client_id) LEFT JOIN asked USING (client_id) LEFT JOIN gaps USING (client_id)
    LEFT JOIN realised USING (client_id) LEFT JOIN transferred USING (client_id) LEFT JOIN managed USING (client_id)
    CROSS JOIN fallen)
SELECT *,
    round(cash_amount / nullif(greatest(assets_amount, 0), 0)::DOUBLE, 6) AS cash_share,
    round(stock_amount / nullif(greatest(assets_amount, 0), 0)::DOUBLE, 6) AS stock_share,
    round(fund_amount / nullif(greatest(assets_amount, 0), 0)::DOUBLE, 6) AS fund_share,
    round((assets_amount - ago_30) / nullif(greatest(ago_30, 0), 0)::DOUBLE, 6) AS assets_change_30d_share,
    round((assets_amount - ago_90) / nullif(greatest(ago_90, 0), 0)::DOUBLE, 6) AS assets_change_90d_share,
    round((assets_amount - ago_365) / nullif(greatest(ago_365, 0), 0)::DOUBLE, 6) AS assets_change_365d_share,
    round((inflow_90d_amount - outflow_90d_amount + transfer_in_90d_amount - transfer_out_90d_amount)
        / nullif(greatest(ago_90, 0), 0)::DOUBLE, 6) AS constant_change_90d_share,
    round((inflow_365d_amount - outflow_365d_amount + transfer_in_365d_amount - transfer_out_365d_amount)
        / nullif(greatest(ago_365, 0), 0)::DOUBLE, 6) AS constant_change_365d_share,
    drawdown_12m_share - index_drawdown_12m_share AS drawdown_over_index_share,
    round(n_trades_30d / nullif(n_trades_365d, 0)::DOUBLE, 6) AS trades_30d_of_365d_share,
    round(n_trades_90d / nullif(n_trades_365d, 0)::DOUBLE, 6) AS trades_90d_of_365d_share,
    round(turnover_30d_amount / nullif(turnover_365d_amount, 0)::DOUBLE, 6) AS turnover_30d_of_365d_share,
    round(turnover_90d_amount / nullif(turnover_365d_amount, 0)::DOUBLE, 6) AS turnover_90d_of_365d_share,
    round(outflow_30d_amount / nullif(outflow_365d_amount, 0)::DOUBLE, 6) AS outflow_30d_of_365d_share,
    round(outflow_90d_amount / nullif(outflow_365d_amount, 0)::DOUBLE, 6) AS outflow_90d_of_365d_share,
    round(n_logins_30d / nullif(n_logins_365d, 0)::DOUBLE, 6) AS logins_30d_of_365d_share,
    round(n_logins_90d / nullif(n_logins_365d, 0)::DOUBLE, 6) AS logins_90d_of_365d_share,
    round((outflow_30d_amount - inflow_30d_amount) / nullif(greatest(net_assets_60d_amount, 0), 0)::DOUBLE, 6)
        AS net_outflow_30d_share,
    round((outflow_90d_amount - inflow_90d_amount) / nullif(greatest(net_assets_60d_amount, 0), 0)::DOUBLE, 6)
        AS net_outflow_90d_share,
    CASE WHEN net_assets_250d_amount > 0
        THEN least(round(turnover_365d_amount / net_assets_250d_amount::DOUBLE, 6), 1e9) END AS turnover_rate,
    :cut - last_trade_on AS days_since_trade, :cut - last_login_on AS days_since_login, :cut - last_seen_on AS days_since_seen,
    net_commission_365d_amount + other_income_365d_amount AS contribution_365d_amount,
    CASE WHEN tenure_days >= 90 THEN round(n_norm * 30.0 / least(tenure_days - 30, 180)::DOUBLE, 2) END AS usual_logins_30d,
    CASE WHEN tenure_days >= 90 THEN round(n_logins_30d / nullif(round(n_norm * 30.0 / least(tenure_days - 30, 180)::DOUBLE, 2), 0)::DOUBLE, 6)
        END AS logins_of_usual_share,
    round(largest_amount / nullif(held_amount, 0)::DOUBLE, 6) AS largest_holding_share,
    :cut - last_contact_on AS days_since_contact,
    CASE WHEN n_trades_365d < 6 THEN NULL WHEN turnover_rate <= 2 THEN 'long_term'
        WHEN turnover_rate >= 12 THEN 'short_term' WHEN turnover_rate IS NOT NULL THEN 'mixed' END AS trading_style,
    CASE WHEN of_stock / held_amount::DOUBLE >= 0.6 THEN 'stock' WHEN of_fund / held_amount::DOUBLE >= 0.6 THEN 'fund'
        WHEN of_bond / held_amount::DOUBLE >= 0.6 THEN 'bond' WHEN of_wealth / held_amount::DOUBLE >= 0.6 THEN 'wealth'
        END AS leading_need
FROM known
