"""`current/Me`, the three lists of administrations, features and rights."""

from __future__ import annotations

from datetime import UTC, datetime

from posthorn_sandbox.exact.clock import utc_offset_s, wall_ms
from posthorn_sandbox.exact.house import Visit
from posthorn_sandbox.exact.odata.schema import Row, Spec, parse_fields
from posthorn_sandbox.exact.resources.resource import Resource
from posthorn_sandbox.exact.world import Division

SYSTEM_DIVISIONS = "system/Divisions"
_NOBODY = "00000000-0000-0000-0000-000000000000"

# In the order of a live answer recorded on 2026-06-25.
_ME = parse_fields(
    """
    CurrentDivision:int DivisionCustomer:guid DivisionCustomerCode:code DivisionCustomerName:text
    DivisionCustomerVatNumber:text DivisionCustomerSiretNumber:text DossierDivision:int
    AccountingDivision:int IsEmployeeSelfServiceUser:bool IsMyFirmLiteUser:bool IsStarterUser:bool
    IsMyFirmPortalUser:bool IsClientUser:bool FullName:text PictureUrl:text ThumbnailPicture:bytes
    ThumbnailPictureFormat:text UserID:guid UserName:text LanguageCode:text Legislation:long
    Email:text Title:text Initials:text FirstName:text MiddleName:text LastName:text Gender:text
    Nationality:text Language:text Phone:text PhoneExtension:text Mobile:text ServerTime:iso
    ServerUtcOffset:int EmployeeID:guid CustomerCode:code PackageCode:text
    IsOEIMigrationMandatory:bool
    """
)
_DIVISION = parse_fields(
    """
    Code:int AddressLine1:text AddressLine2:text AddressLine3:text ArchiveDate:date
    BlockingStatus:int ChamberOfCommerceNumber:text City:text Class_01:text Class_02:text
    Class_03:text Class_04:text Class_05:text Country:country Created:date Creator:guid
    CreatorFullName:text Currency:text Current:bool Customer:guid CustomerCode:code
    CustomerName:text DatevAccountantNumber:text DatevClientNumber:text Description:text
    DivisionMoveDate:date Email:text Hid:long IsDossierDivision:bool IsMainDivision:bool
    IsPracticeDivision:bool Legislation:long Modified:date OBNumber:text Phone:text Postcode:text
    SiretNumber:text StartDate:date Status:int TaxOfficeNumber:text TemplateCode:text
    VATNumber:text
    """
)
_HRM_DIVISION = parse_fields(
    """
    Code:int ArchiveDate:date BlockingStatus:int Country:country CountryDescription:text
    Created:date Creator:guid CreatorFullName:text Currency:text CurrencyDescription:text
    Customer:guid CustomerCode:code CustomerName:text Description:text HID:long Main:bool
    Modified:date Modifier:guid ModifierFullName:text OBNumber:text SiretNumber:text StartDate:date
    Status:int TaxOfficeNumber:text TaxReferenceNumber:text TemplateCode:text VATNumber:text
    Website:text
    """
)
_FEATURE = parse_fields("ID:int Description:text")
_ARCHIVED = 2
_FEATURES = {"Mailbox": 101, "Documents": 102, "ScanService": 103}


class Me(Resource):
    """`current/Me`: a list of one."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the user."""
        user, house = visit.user, visit.house
        current = house.world.division(user.current_division) or visit.division
        licence = house.world.licence(current.licence)
        first, _, last = user.full_name.partition(" ")
        now = house.shown_now()
        wall = datetime.fromtimestamp(wall_ms(now) / 1000, UTC).replace(tzinfo=None)
        return [
            {
                "CurrentDivision": current.code,
                "DivisionCustomer": licence.guid,
                "DivisionCustomerCode": licence.code,
                "DivisionCustomerName": licence.name,
                "DivisionCustomerVatNumber": licence.vat_number or None,
                "AccountingDivision": current.code,
                "IsEmployeeSelfServiceUser": False,
                "IsMyFirmLiteUser": False,
                "IsStarterUser": False,
                "IsMyFirmPortalUser": False,
                "IsClientUser": False,
                "FullName": user.full_name,
                "UserID": user.guid,
                "UserName": user.name,
                "LanguageCode": f"{user.language}-{current.country}",
                "Legislation": current.legislation,
                "Email": user.email,
                "FirstName": first,
                "LastName": last,
                "Language": user.language.ljust(3),
                "ServerTime": wall.isoformat(timespec="milliseconds"),
                "ServerUtcOffset": utc_offset_s(now),
                "EmployeeID": _NOBODY,
                "CustomerCode": house.world.licence(user.licence).code,
                "IsOEIMigrationMandatory": False,
            }
        ]


class Divisions(Resource):
    """`system/Divisions`: what the user may see and agreed to, of every licence."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the administrations."""
        listed = visit.house.world.seen_by(visit.user)
        return [_row(visit, one) for one in listed if visit.may_see(one)]

    def find(self, visit: Visit, key: str) -> Row | None:
        """Return one administration by its number."""
        return next((row for row in self.rows(visit) if str(row["Code"]) == key), None)


class AllDivisions(Divisions):
    """`system/AllDivisions`: those of the licence that owns the one in the address."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the administrations."""
        own = visit.division.licence
        return [row for row in super().rows(visit) if _licence(visit, row) == own]


class HrmDivisions(AllDivisions):
    """`hrm/Divisions`: as AllDivisions, with other names and other numbers for the status."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the administrations."""
        return [
            row
            | {
                "HID": row["Hid"],
                "Main": row["IsMainDivision"],
                "Status": int(row["Status"] == _ARCHIVED),
            }
            for row in super().rows(visit)
        ]


class Features(Resource):
    """`system/AvailableFeatures`: what the licence of the administration includes."""

    def rows(self, visit: Visit) -> list[Row]:
        """List the features."""
        licence = visit.house.world.licence(visit.division.licence)
        named = {name: _FEATURES.get(name, 900) for name in (*licence.features, "Documents")}
        return [{"ID": number, "Description": name} for name, number in named.items()]


def has_right(visit: Visit, endpoint: str, action: str) -> bool:
    """Tell whether the user may do this in the administration of the visit."""
    return not any(
        denial.covers(endpoint, action, visit.division.code) for denial in visit.user.denials
    )


def _licence(visit: Visit, row: Row) -> str:
    found = visit.house.world.division(int(str(row["Code"])))
    return found.licence if found is not None else ""


def _row(visit: Visit, one: Division) -> Row:
    licence = visit.house.world.licence(one.licence)
    return {
        "Code": one.code,
        "ArchiveDate": _day(one.archived_on),
        "BlockingStatus": one.blocking_status,
        "ChamberOfCommerceNumber": one.chamber_of_commerce or None,
        "Country": one.country,
        "Currency": one.currency,
        "Current": one.code == visit.user.current_division,
        "Customer": licence.guid,
        "CustomerCode": licence.code,
        "CustomerName": licence.name,
        "Description": one.description,
        "DivisionMoveDate": _day(one.moved_on),
        "Hid": one.hid,
        "IsDossierDivision": False,
        "IsMainDivision": one.is_main,
        "IsPracticeDivision": False,
        "Legislation": one.legislation,
        "Status": one.status,
        "VATNumber": one.vat_number or None,
    }


def _day(text: str) -> int | None:
    if not text:
        return None
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def division_resources() -> list[Resource]:
    """List the resources about users and administrations."""
    system = "System.Division"
    return [
        Me(Spec(path="current/Me", type_name="System.Me", fields=_ME, key="UserID")),
        Divisions(Spec(path=SYSTEM_DIVISIONS, type_name=system, fields=_DIVISION, key="Code")),
        AllDivisions(
            Spec(
                path="system/AllDivisions",
                type_name="System.AllDivision",
                fields=_DIVISION,
                key="Code",
            )
        ),
        HrmDivisions(
            Spec(path="hrm/Divisions", type_name="HRM.Division", fields=_HRM_DIVISION, key="Code")
        ),
        Features(
            Spec(
                path="system/AvailableFeatures",
                type_name="System.AvailableFeature",
                fields=_FEATURE,
            )
        ),
    ]
