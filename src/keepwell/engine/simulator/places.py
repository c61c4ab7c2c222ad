"""Cities, roads and regions that branches and homes are named after, with the region codes of fictitious ID numbers."""

from __future__ import annotations

from typing import NamedTuple

from keepwell.contract import codes


class City(NamedTuple):
    """A real city with its region codes (GB/T 2260); persons, streets' numbers and branches in it are invented."""

    name: str
    region: str
    tier: codes.CityTier
    districts: tuple[tuple[str, int], ...]


_1, _N, _2, _3 = codes.CityTier.TIER_1, codes.CityTier.NEW_1, codes.CityTier.TIER_2, codes.CityTier.TIER_3
CITIES = (
    City("杭州", "华东", _N, (("西湖区", 330106), ("拱墅区", 330105), ("滨江区", 330108))),
    City("上海", "华东", _1, (("浦东新区", 310115), ("静安区", 310106), ("徐汇区", 310104))),
    City("绍兴", "华东", _2, (("越城区", 330602), ("柯桥区", 330603), ("上虞区", 330604))),
    City("衢州", "华东", _3, (("柯城区", 330802), ("衢江区", 330803))),
    City("宁波", "华东", _N, (("海曙区", 330203), ("鄞州区", 330212), ("江北区", 330205))),
    City("赣州", "华东", _3, (("章贡区", 360702), ("南康区", 360703))),
    City("北京", "华北", _1, (("朝阳区", 110105), ("海淀区", 110108), ("西城区", 110102))),
    City("深圳", "华南", _1, (("福田区", 440304), ("南山区", 440305), ("罗湖区", 440303))),
    City("广州", "华南", _1, (("天河区", 440106), ("越秀区", 440104), ("海珠区", 440105))),
    City("成都", "西南", _N, (("锦江区", 510104), ("武侯区", 510107), ("青羊区", 510105))),
    City("武汉", "华中", _N, (("武昌区", 420106), ("江汉区", 420103), ("洪山区", 420111))),
    City("南京", "华东", _N, (("鼓楼区", 320106), ("玄武区", 320102), ("建邺区", 320105))),
    City("西安", "西北", _N, (("雁塔区", 610113), ("碑林区", 610103))),
    City("合肥", "华东", _2, (("蜀山区", 340104), ("庐阳区", 340103))),
    City("福州", "华东", _2, (("鼓楼区", 350102), ("台江区", 350103))),
    City("济南", "华东", _2, (("历下区", 370102), ("市中区", 370103))),
    City("昆明", "西南", _2, (("五华区", 530102), ("盘龙区", 530103))),
    City("温州", "华东", _2, (("鹿城区", 330302), ("龙湾区", 330303))),
    City("洛阳", "华中", _3, (("涧西区", 410305), ("西工区", 410303))),
    City("湖州", "华东", _3, (("吴兴区", 330502), ("南浔区", 330503))),
    City("桂林", "华南", _3, (("象山区", 450304), ("七星区", 450305))),
    City("芜湖", "华东", _3, (("镜湖区", 340202), ("弋江区", 340203))),
    City("襄阳", "华中", _3, (("樊城区", 420606), ("襄城区", 420602))),
    City("绵阳", "西南", _3, (("涪城区", 510703), ("游仙区", 510704))),
)
ROADS = (
    "文三路",
    "人民路",
    "解放路",
    "中山路",
    "建设路",
    "和平路",
    "学院路",
    "延安路",
    "新华路",
    "滨江路",
    "胜利街",
    "长江路",
    "黄河路",
    "湖滨路",
    "东风路",
    "天目路",
    "凤起路",
    "清波街",
    "青年路",
    "金桥路",
)
ESTATES = (
    "锦绣花园",
    "阳光小区",
    "翠苑小区",
    "桂花城",
    "金色家园",
    "江南春城",
    "书香苑",
    "碧水湾",
    "枫林绿洲",
    "和谐家园",
    "望江公寓",
    "梧桐里",
    "紫荆苑",
    "听涛居",
    "云栖小筑",
    "河滨花园",
)


def branch_city(number: int) -> City:
    """The city of a branch; the first six branches cover all four tiers."""
    return CITIES[number % len(CITIES)]


def branch_name(number: int) -> str:
    """杭州文三路证券营业部 and so on, no two alike."""
    road = ROADS[(number + number // len(CITIES)) % len(ROADS)]
    again = number // (len(CITIES) * len(ROADS))
    return f"{branch_city(number).name}{road}{'' if again == 0 else f'第{again + 1}'}证券营业部"
