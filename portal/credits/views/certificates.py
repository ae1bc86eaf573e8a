"""Certificates: printed by whom they belong to, verified by anybody."""

from urllib.parse import urlencode

import segno
from flask import current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from portal.access import public, signed_in
from portal.credits.certificates import (
    Proof,
    clean,
    find_certificate,
    grouped,
    is_code,
)
from portal.credits.claim_lists import certificate_for
from portal.credits.forms import CodeForm
from portal.credits.masking import mask_name
from portal.credits.views.blueprint import blueprint, page
from portal.errors import Invalid, NotFound, TooMany
from portal.organisations.queries import root
from portal.users import throttle
from portal.users.logins import origin
from portal.users.models import LoginFailure
from portal.users.slips import address_at
from portal.users.throttle import Origin
from portal.web import actor, session, tenant, user
from portal.words import error_sentence


@blueprint.get("/credits/certificates/<int:certificate_id>")
@signed_in
def certificate(certificate_id: int) -> ResponseReturnValue:
    """The certificate as it is printed, on one sheet of A4."""
    found = certificate_for(session(), actor(), certificate_id)
    address = _address()
    code = found.certificate.code
    link = f"{address}?{urlencode({'code': code})}"
    event = found.entry.event
    own = found.entry.user_id == user().id
    back = "study.record" if own else "credits.overview"
    return page(
        "certificate.html",
        certificate=found.certificate,
        entry=found.entry,
        event=event,
        reversed=found.reversed,
        issuer=root(session()).name,
        days={
            "first": format_date(event.starts_on, "long"),
            "last": format_date(event.ends_on, "long"),
            "issued": format_date(
                found.certificate.issued_at.astimezone(tenant().zone).date(), "long"
            ),
        },
        code=" ".join(grouped(code)),
        address=address,
        picture=segno.make(link, error="m", micro=False).svg_data_uri(
            scale=3, border=1
        ),
        back={
            "url": url_for(back),
            "label": _("我的成长档案") if own else _("学分申报与公示"),
        },
    )


def _address() -> str:
    """Where the code is typed; never taken from the request (V21)."""
    path = url_for("credits.verify")
    return address_at(current_app.config["BASE_URL"], tenant().host, path)


@blueprint.route("/verify", methods=["GET", "POST"])
@public
def verify() -> ResponseReturnValue:
    """Whether a certificate is true, for anybody who has its code.

    The address in the picture on a certificate fills the code in; looking it up is
    a form of its own, so that tries can be counted.
    """
    form = CodeForm(code=request.args.get("code", "")[:64] or None)
    if not form.validate_on_submit():
        return _answer(form)
    try:
        proof = _look_up(form.code.data or "")
    except TooMany as error:
        form.code.errors = [error_sentence(error)]
        answer = make_response(_answer(form)[0], 429)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    except (Invalid, NotFound) as error:
        return _answer(form, missing=error_sentence(error))[0], 404
    return _answer(form, proof)


def _answer(
    form: CodeForm, proof: Proof | None = None, missing: str | None = None
) -> tuple[str, int]:
    """The page, with what was found or why nothing was."""
    body = render_template(
        "credits/verify.html",
        form=form,
        proof=proof,
        name=mask_name(proof.certificate.entry.user.name) if proof else None,
        missing=missing,
    )
    return body, 422 if form.errors else 200


def _look_up(typed: str) -> Proof:
    """Find it, and count what is not found against where it was asked from (V23).

    What cannot be a code is refused without looking, and so is no try. The tries of
    a place are counted apart from its log-ins, and one that was right takes back
    nothing but itself: who holds one certificate shall not guess others between.

    Raises:
        TooMany: with the seconds to wait.
        Invalid, NotFound: as `find_certificate`.
    """
    if not is_code(clean(typed)):
        return find_certificate(session(), typed)
    asked = origin()
    place = f"certificate {throttle.network(asked.address)}"
    attempt = throttle.begin(session(), place, Origin(place, asked.pepper))
    proof = find_certificate(session(), typed)
    session().delete(session().get_one(LoginFailure, attempt))
    return proof
