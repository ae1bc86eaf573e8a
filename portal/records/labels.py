"""Words and colours of the states of imports and changes."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.records.changes import Change
from portal.records.models import ImportState

IMPORT_STATES: Mapping[str, tuple[LazyString, str]] = {
    ImportState.CHECKED: (_l("待确认"), "warn"),
    ImportState.IMPORTED: (_l("已导入"), "ok"),
    ImportState.TAKEN_BACK: (_l("已撤回"), "muted"),
}

CHANGE_WORDS: Mapping[str, LazyString] = {
    Change.NEW: _l("新增"),
    Change.CORRECTED: _l("更正"),
    Change.SAME: _l("无变化"),
}
