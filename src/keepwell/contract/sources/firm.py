"""The firm itself: branches, teams, staff, and who looks after which customer record today."""

from __future__ import annotations

from keepwell.contract import codes, serving
from keepwell.contract.schema import (
    Order,
    Search,
    Sensitivity,
    Table,
    Text,
    boolean,
    code,
    date,
    decimal,
    integer,
    text,
)


class Branch(Table):
    """A place of business (营业部) of the firm; every customer record belongs to one."""

    title = Text("Branches", "营业部")
    writer = "ingest"
    grain = ("branch_code",)

    branch_code = text("Branch", "营业部", length=16)
    branch_name = text("Branch name", "营业部名称", length=80)
    city = text("City", "城市", length=40)
    region = text("Region", "区域", length=40, nullable=True)
    city_tier = code("City tier", "城市级别", codes.CityTier, nullable=True)
    opened_on = date("Opened on", "开业日期", nullable=True)


class Team(Table):
    """A team of relationship managers inside a branch."""

    title = Text("Teams", "团队")
    writer = "ingest"
    grain = ("team_code",)
    optional = True

    team_code = text("Team", "团队", length=16)
    branch_code = text("Branch", "营业部", length=16, references="branch.branch_code")
    team_name = text("Team name", "团队名称", length=80)


class Staff(Table):
    """A member of staff with role and level; ``has_book`` says whether clients may be assigned to them."""

    title = Text("Staff", "员工")
    writer = "ingest"
    grain = ("staff_code",)
    orders = (Order("left_on", "joined_on"),)

    staff_code = text("Staff number", "工号", length=16, search=Search.TAIL)
    branch_code = text("Branch", "营业部", length=16, references="branch.branch_code")
    team_code = text("Team", "团队", length=16, nullable=True, references="team.team_code")
    staff_name = text("Name", "姓名", length=40, search=Search.NAME)
    role = code("Role", "岗位", codes.Role)
    level = integer("Level", "职级", low=1, high=5, nullable=True)
    joined_on = date("Joined on", "入职日期", nullable=True)
    left_on = date("Left on", "离职日期", nullable=True)
    has_book = boolean("Holds a book", "可名下有客户")
    weekly_hours = decimal("Weekly hours", "每周工时", low=0, high=80, nullable=True)
    satisfaction_score = decimal("Client satisfaction", "客户满意度", low=1, high=5, nullable=True)


class StaffLicence(Table):
    """A registered qualification with its validity; only advisers may give investment advice."""

    title = Text("Licences", "执业登记")
    writer = "ingest"
    grain = ("staff_code", "licence_no")
    orders = (Order("valid_to", "valid_from"),)
    optional = True

    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    licence_no = text("Licence number", "执业编号", length=32)
    licence_kind = code("Licence", "执业类别", codes.LicenceKind)
    valid_from = date("Valid from", "生效日期")
    valid_to = date("Valid to", "失效日期", nullable=True)


class StaffSpecialty(Table):
    """How strong a member of staff is in a need, 0 to 1, declared and confirmed by the leader."""

    title = Text("Specialties", "专长")
    writer = "ingest"
    grain = ("staff_code", "need")
    optional = True

    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    need = code("Need", "需求", codes.Need)
    strength_share = decimal("Strength", "强度", scale=6, low=0, high=1)
    confirmed_on = date("Confirmed on", "确认日期", nullable=True)


class StaffLeave(Table):
    """A period in which a member of staff is away."""

    title = Text("Leave", "休假")
    writer = "ingest"
    grain = ("staff_code", "starts_on")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期")


class StaffDevice(Table):
    """A device or phone that belongs to staff, so that acts from it are told apart from the client's own."""

    title = Text("Staff devices", "员工设备")
    writer = "ingest"
    grain = ("staff_code", "device_code")
    optional = True

    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    device_code = text("Device", "设备", length=64)
    phone = text("Phone", "电话", length=32, nullable=True, sensitivity=Sensitivity.SECRET)


class Assignment(Table):
    """Who served or developed a customer record, from when to when (R040); to is exclusive."""

    title = Text("Assignments", "客户归属")
    writer = "ingest"
    grain = ("record_code", "relation", "starts_on")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    record_code = text("Customer number", "客户号", length=32, references="customer_record.record_code")
    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    relation = code("Relation", "关系", codes.Relation)
    starts_on = date("Starts on", "开始日期")
    ends_on = date("Ends on", "结束日期", nullable=True)


class StaffTrait(Table):
    """A style, service type, language, certificate or interest of staff, confirmed by the leader (R053, R058).

    ``trait`` is a code of the list that the kind names; certificates go by their own name.
    """

    title = Text("Traits of staff", "员工特质")
    writer = "ingest"
    grain = ("staff_code", "trait_kind", "trait")
    optional = True

    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    trait_kind = code("Kind", "类别", serving.TraitKind)
    trait = text("Trait", "特质", length=16)
    confirmed_on = date("Confirmed on", "确认日期", nullable=True)


class StaffConflict(Table):
    """A conflict of interest: this member of staff does not look after this client; to is exclusive (R054)."""

    title = Text("Conflicts of interest", "利益冲突回避")
    writer = "ingest"
    grain = ("staff_code", "record_code")
    orders = (Order("ends_on", "starts_on"),)
    optional = True

    staff_code = text("Staff number", "工号", length=16, references="staff.staff_code")
    record_code = text("Customer number", "客户号", length=32, references="customer_record.record_code")
    conflict_kind = code("Kind", "类别", serving.ConflictKind)
    starts_on = date("Starts on", "开始日期", nullable=True)
    ends_on = date("Ends on", "结束日期", nullable=True)
