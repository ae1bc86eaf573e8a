{% extends "activity/page.html" %}
{% block activity %}
{% for work in works %}<p>{{ work.answer.data.text }}</p>{% endfor %}
{% endblock %}
