"""What of a client can differ between a run and its parent."""

from __future__ import annotations

from keepwell.contract.schema import Code


class CarriedChange(Code):
    """What changed between a run and its parent."""

    NEW_CLIENT = "new_client", "New client", "新客户"
    GRADE = "grade", "Grade", "分级"
    SERVICE_TYPE = "service_type", "Service type", "服务类型"
    ACTIVITY = "activity_state", "Activity state", "活动状态"
    POPULATION = "population", "Population", "客群"
    HOME_BRANCH = "home_branch_code", "Home branch", "归属营业部"
    MANAGER = "manager_code", "Responsible manager", "负责客户经理"
