"""build_app: the one list of everything that Slack can call, and the app that hears it."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import numerals
from bot.commands import again, decision, futarchy, history, market, meant, subsidy
from bot.door import Ask, Exchange, Routes, enter
from bot.heard import Heard
from bot.home import cancelling, orders, page, welcome
from bot.modals import (
    adding,
    approving,
    asking,
    choosing,
    deciding,
    declaring,
    defining,
    drawing,
    explaining,
    filing,
    granting,
    halting,
    horizon,
    leading,
    managing,
    measuring,
    notifying,
    noting,
    objecting,
    opening,
    paying,
    postponing,
    practising,
    recording,
    reopening,
    reversing,
    ruling,
    scheduling,
    selling,
    settings,
    sourcing,
    staffing,
    trade_form,
    trading,
    valuing,
    voiding,
    withdrawing,
)
from bot.previews import Previews
from bot.readers import Readers
from bot.reports import again as sent_before
from bot.reports import digest, spread
from bot.reports import subsidy as subsidy_report
from bot.subsidies import acts, founding, overview, planning, reporting, staking, taking

ROUTES: Routes = {
    ("command", "/market"): market.run,
    ("command", "/decision"): decision.run,
    ("command", "/subsidy"): subsidy.run,
    ("command", "/futarchy"): futarchy.run,
    ("action", meant.RUN): again.run,
    ("shortcut", "trade"): choosing.open_modal,
    ("message_action", "decide"): opening.open_modal,
    ("event", "app_home_opened"): page.publish,
    ("action", page.PAGE): page.turn,
    ("action", page.REFRESH): page.turn,
    ("action", orders.CANCEL): cancelling.one,
    ("action", orders.CANCEL_ALL): cancelling.everything,
    ("action", welcome.PRACTISE): practising.open_modal,
    ("view", practising.VIEW): practising.submit,
    ("action", welcome.LEADERS): leading.open_modal,
    ("action", leading.NAMED): leading.name,
    ("action", "trade"): trading.open_modal,
    ("action", trade_form.CHANGED): trading.requote,
    ("action", paying.PICK): trading.pick,
    ("view", trade_form.VIEW): trading.submit,
    ("view", trade_form.CONFIRM_VIEW): trading.confirm,
    ("action", "sell"): selling.open_modal,
    ("action", selling.SHARES): selling.requote,
    ("view", selling.VIEW): selling.submit,
    ("action", "report"): explaining.open_report,
    ("action", spread.MORE): explaining.open_more,
    ("action", sent_before.PAGED): history.turn,
    ("action", sent_before.SHOW): history.report,
    ("action", sent_before.FILE): history.file,
    ("action", scheduling.OPEN): scheduling.open_modal,
    ("action", scheduling.CHANGED): scheduling.redraw,
    ("view", scheduling.VIEW): scheduling.submit,
    ("action", "new"): opening.open_modal,
    ("view", opening.QUESTION_VIEW): opening.submit_question,
    ("action", measuring.SHAPE): opening.redraw_metric,
    ("view", opening.METRIC_VIEW): opening.submit_metric,
    ("action", deciding.HOW): opening.redraw_terms,
    ("view", opening.TERMS_VIEW): opening.submit_terms,
    ("action", "record"): recording.open_modal,
    ("view", recording.VIEW): recording.review,
    ("view", recording.CONFIRM_VIEW): recording.submit,
    ("action", "declare"): declaring.open_modal,
    ("view", declaring.VIEW): declaring.submit,
    ("action", "values"): valuing.open_modal,
    ("view", valuing.VIEW): valuing.submit,
    ("action", "reopen_ballots"): reopening.open_modal,
    ("view", reopening.VIEW): reopening.submit,
    ("action", "close_ballots"): reopening.close,
    ("action", "late"): noting.open_late,
    ("action", "add_to_record"): noting.open_addendum,
    ("view", noting.VIEW): noting.submit,
    ("action", "withdraw"): withdrawing.open_modal,
    ("view", withdrawing.VIEW): withdrawing.review,
    ("view", withdrawing.CONFIRM_VIEW): withdrawing.submit,
    ("action", "draw"): drawing.open_draw,
    ("view", drawing.VIEW): drawing.submit_draw,
    ("action", "misread"): drawing.open_misread,
    ("view", drawing.MISREAD_VIEW): drawing.submit_misread,
    ("action", "breach"): drawing.open_breach,
    ("view", drawing.BREACH_VIEW): drawing.submit_breach,
    ("action", "add_option"): adding.open_modal,
    ("view", adding.VIEW): adding.submit,
    ("action", "ask"): asking.open_modal,
    ("action", asking.KIND): asking.redraw,
    ("view", asking.VIEW): asking.submit,
    ("action", "halt"): halting.open_modal,
    ("view", halting.VIEW): halting.submit,
    ("action", "postpone"): postponing.open_modal,
    ("view", postponing.VIEW): postponing.submit,
    ("action", staffing.PERSON): staffing.redraw,
    ("view", staffing.VIEW): staffing.submit,
    ("action", granting.VIEW): granting.open_modal,
    ("view", granting.VIEW): granting.submit,
    ("action", granting.AGAIN): granting.repeat,
    ("action", settings.OPEN): settings.open_modal,
    ("view", settings.VIEW): settings.submit,
    ("action", horizon.OPEN): horizon.open_modal,
    ("view", horizon.VIEW): horizon.submit,
    ("action", digest.MUTE): notifying.switch,
    ("action", digest.UNMUTE): notifying.switch,
    ("action", notifying.OPEN): notifying.open_modal,
    ("view", notifying.VIEW): notifying.submit,
    ("action", "people"): staffing.open_modal,
    ("action", "audit"): futarchy.audit_button,
    ("action", managing.MANAGE): managing.open_modal,
    ("action", "take_back"): reversing.open_modal,
    ("view", reversing.ASK_VIEW): reversing.submit,
    ("action", "reversal"): reversing.open_confirm,
    ("view", reversing.CONFIRM_VIEW): reversing.confirm,
    ("action", defining.OPEN): defining.open_modal,
    ("action", "define"): defining.open_form,
    ("view", defining.VIEW): defining.submit,
    ("action", approving.OPEN): approving.open_modal,
    ("view", approving.VIEW): approving.submit,
    ("action", "source"): sourcing.open_modal,
    ("action", sourcing.KIND): sourcing.redraw,
    ("action", sourcing.TRY): sourcing.attempt,
    ("view", sourcing.VIEW): sourcing.submit,
    ("action", "source_right"): sourcing.right,
    ("action", "source_again"): sourcing.again,
    ("action", "file"): filing.open_modal,
    ("action", filing.METRIC): filing.redraw,
    ("action", filing.MEASURED): filing.redraw,
    ("view", filing.VIEW): filing.submit,
    ("view", voiding.VIEW): filing.submit_void,
    ("action", "object"): objecting.open_modal,
    ("view", objecting.VIEW): objecting.submit,
    ("action", "rule"): ruling.open_modal,
    ("view", ruling.VIEW): ruling.submit,
    ("action", overview.DO): subsidy.press,
    ("action", subsidy_report.FILE): reporting.file,
    ("view", founding.VIEW): founding.submit,
    ("view", acts.VIEW): acts.submit,
    ("view", planning.APPLY_VIEW): planning.apply,
    ("view", staking.VIEW): staking.submit,
    ("view", taking.VIEW): taking.review,
    ("view", taking.CONFIRM_VIEW): taking.submit,
}


_log = logging.getLogger(__name__)

MALFORMED = BoltResponse(status=400, body="The payload lacks what every such payload has.")


def build_app(exchange: Exchange, client: AsyncWebClient, readers: Readers) -> AsyncApp:
    """A Bolt app with one global middleware, which acks and never calls next.

    Bolt looks through its listeners one by one; one dict makes a command cost the same however many there are.
    Signatures are checked at the edge; Socket Mode has none.
    """
    app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
    previews, heard = Previews(), Heard()

    @app.error
    async def malformed(error: Exception) -> BoltResponse:
        """Our door catches all of its own: what comes here is Bolt, stumbling over a payload before the door."""
        _log.error("a payload that Bolt cannot read: %r", error)
        return MALFORMED

    @app.middleware
    async def door(req: AsyncBoltRequest) -> BoltResponse:  # type: ignore[misc,unused-ignore]
        try:
            ask = ask_of(req.body, exchange, client, previews)
        except (LookupError, TypeError, AttributeError):
            return MALFORMED
        return await heard.once(req.body, lambda: answered(ask))

    async def answered(ask: Ask) -> BoltResponse:
        with numerals.read_by(await readers.of(ask.user_id)):
            return await enter(ROUTES, replace(ask, zone=readers.zone_of(ask.user_id)))

    return app


def ask_of(body: Mapping[str, Any], exchange: Exchange, client: AsyncWebClient, previews: Previews) -> Ask:
    """What a payload asks, and who asks it: people are known by their home team and their id.

    Of an action's id, what follows a colon only keeps it apart from others beside it.
    """
    kind, name = _what(body)
    return Ask(kind, name, _who(kind, body), body, exchange, client, previews)


def _what(body: Mapping[str, Any]) -> tuple[str, str]:
    if "command" in body:
        return "command", str(body["command"])
    match body["type"]:
        case "block_actions":
            return "action", str(body["actions"][0]["action_id"]).partition(":")[0]
        case "view_submission":
            view = body["view"]
            if not isinstance(view["blocks"], list) or not isinstance(view["state"]["values"], dict):
                raise TypeError("a view without blocks or values")
            return "view", str(view["callback_id"])
        case "event_callback":
            return "event", str(body["event"]["type"])
        case other:
            return str(other), str(body.get("callback_id", ""))


def _who(kind: str, body: Mapping[str, Any]) -> str:
    if kind == "command":
        return f"{body['team_id']}/{body['user_id']}"
    if kind == "event":
        return f"{body['team_id']}/{body['event'].get('user', '')}"
    user = body["user"]
    return f"{user.get('team_id') or body['team']['id']}/{user['id']}"
