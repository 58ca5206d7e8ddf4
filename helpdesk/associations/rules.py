"""Stages, statuses, roles: the words of the programme's taxonomy (docs/words.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Where an association is in its life."""

    IDEA = "idea", _("idea")
    FOUNDING_ASSEMBLY = "founding-assembly-held", _("founding assembly held")
    FILED = "file-deposited", _("file deposited")
    PROVISIONAL = "provisional-receipt", _("provisional receipt")
    FINAL = "final-receipt", _("final receipt")
    DAY_60 = "day-60-passed", _("day 60 passed without receipt")
    ACTIVE = "active", _("active")
    RENEWAL_DUE = "renewal-due", _("renewal due")
    RENEWAL_FILED = "renewal-filed", _("renewal filed")
    DISPUTE = "internal-dispute", _("internal dispute")
    DORMANT = "dormant", _("dormant")
    DISSOLVING = "dissolution-under-way", _("dissolution under way")
    DISSOLVED = "dissolved", _("dissolved")


class LegalStatus(models.TextChoices):
    DE_FACTO = "de-facto", _("de facto group")
    IN_FORMATION = "in-formation", _("association in formation")
    DECLARED = "declared", _("declared")
    WITHOUT_RECEIPT = "declared-without-receipt", _("declared without receipt")
    PUBLIC_UTILITY = "public-utility", _("public utility")
    BRANCH = "branch", _("branch")
    UNION = "union", _("union, federation or network")
    FOREIGN = "foreign", _("foreign association")
    SPORTS = "sports", _("sports association")
    SCHOOL_SPORTS = "school-sports", _("school sports association")
    PARENTS = "parents", _("parents' association")
    SOCIAL_CARE = "social-care", _("social-care operator")
    WATER_USERS = "water-users", _("water users' association")
    MICRO_CREDIT = "micro-credit", _("micro-credit association")
    MUTUAL = "mutual", _("mutual")
    COOPERATIVE = "cooperative", _("cooperative")
    FOUNDATION = "foundation", _("foundation under its own law")
    CO_OWNERS = "co-owners", _("syndicate of co-owners")
    OUT_OF_SCOPE = "union-or-party", _("trade union or party (out of scope)")


class Office(models.TextChoices):
    """What somebody is in an association."""

    PRESIDENT = "president", _("president")
    VICE_PRESIDENT = "vice-president", _("vice-president")
    SECRETARY = "secretary", _("secretary general")
    DEPUTY_SECRETARY = "deputy-secretary", _("deputy secretary")
    TREASURER = "treasurer", _("treasurer")
    DEPUTY_TREASURER = "deputy-treasurer", _("deputy treasurer")
    BOARD_ADVISER = "board-adviser", _("board adviser")
    COUNCIL_MEMBER = "council-member", _("council member")
    MEMBER = "member", _("member")
    HONORARY = "honorary-member", _("honorary member")
    FOUNDER = "founder", _("founder")
    DIRECTOR = "director", _("director")
    PROJECT_OFFICER = "project-officer", _("project officer")
    VOLUNTEER = "volunteer", _("volunteer")
    BRANCH_HEAD = "branch-head", _("branch head")


class Standing(models.TextChoices):
    """In what capacity somebody asks."""

    OFFICE_HOLDER = "office-holder", _("office-holder")
    MEMBER = "member", _("member")
    FORMER = "former-office-holder", _("former office-holder")
    FOUNDER = "candidate-founder", _("candidate founder")
    BENEFICIARY = "beneficiary", _("beneficiary")
    OFFICIAL = "official", _("official")
    JOURNALIST = "journalist", _("journalist")
    NOT_STATED = "not-stated", _("not stated")
