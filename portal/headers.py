"""Security headers of every answer: nothing inline, nothing from another host."""

from flask import Flask, Response
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

POLICY = (
    ContentSecurityPolicy()
    .default_src("'self'")
    .script_src("'self'")
    .style_src("'self'")
    .img_src("'self'", "data:", "blob:")
    .font_src("'self'")
    .connect_src("'self'")
    .object_src("'none'")
    .base_uri("'none'")
    .form_action("'self'")
    .frame_ancestors("'none'")
)


def init_app(app: Flask) -> None:
    """Add the headers; private pages are never kept by a cache (V31)."""
    https = bool(app.config["SESSION_COOKIE_SECURE"])
    headers = Secure(
        csp=POLICY,
        coop=CrossOriginOpenerPolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(31_536_000) if https else None,
        permissions=PermissionsPolicy().geolocation().microphone().camera("self"),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    ).headers

    @app.after_request
    def add(answer: Response) -> Response:
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        if "Cache-Control" not in answer.headers:
            answer.headers["Cache-Control"] = "no-store"
        answer.vary.add("Cookie")
        return answer
