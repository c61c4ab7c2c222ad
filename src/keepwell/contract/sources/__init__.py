"""What a firm delivers. Each module is a chapter of the delivery; ``SOURCES`` lists the tables in the order
in which references can be checked.
"""

from __future__ import annotations

from keepwell.contract.schema import Table
from keepwell.contract.sources import accounts, clients, contacts, events, firm, products, suitability

SOURCES: tuple[type[Table], ...] = (
    firm.Branch,
    firm.Team,
    firm.Staff,
    firm.StaffLicence,
    firm.StaffSpecialty,
    firm.StaffLeave,
    firm.StaffDevice,
    clients.CustomerRecord,
    clients.Investor,
    clients.BranchWish,
    clients.ClientNeed,
    clients.Questionnaire,
    clients.QuestionnaireAnswer,
    suitability.ProfessionalEvidence,
    suitability.FactsRefused,
    suitability.InstitutionMandate,
    suitability.MandateHandler,
    clients.Consent,
    clients.DoNotContact,
    firm.Assignment,
    accounts.Account,
    accounts.AccountAgent,
    clients.RelatedParty,
    accounts.AccountStatusChange,
    accounts.SecuritiesAccount,
    accounts.BankLink,
    accounts.Permission,
    accounts.FeeAgreement,
    products.Product,
    products.ProductRating,
    suitability.ProductFactor,
    products.Price,
    products.IndexPrice,
    products.ExchangeRate,
    products.Notice,
    accounts.DailyAsset,
    accounts.Holding,
    events.Trade,
    events.CashFlow,
    events.Entitlement,
    events.Login,
    events.Transfer,
    events.Application,
    events.OtherIncome,
    contacts.Contact,
    contacts.Survey,
    contacts.Complaint,
)
