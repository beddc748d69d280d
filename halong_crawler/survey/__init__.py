"""Looks at a portal politely and proposes its descriptor, with what speaks for each line."""

from halong_crawler.survey.conclude import Finding, Survey
from halong_crawler.survey.door import NoSurveyError
from halong_crawler.survey.look import survey
from halong_crawler.survey.visitor import Visit, Visitor

__all__ = ["Finding", "NoSurveyError", "Survey", "Visit", "Visitor", "survey"]
