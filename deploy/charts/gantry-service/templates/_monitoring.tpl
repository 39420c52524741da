{{/* For the Prometheus Operator. */}}

{{- define "gantry-service.service-monitor" -}}
{{- if .Values.serviceMonitor.enabled -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "gantry-service.metadata" (dict "root" . "labels" .Values.serviceMonitor.labels) | nindent 2 }}
spec:
  # `job` is the name of the service in all metrics, as dashboards and alert rules have it, whatever the release is called.
  jobLabel: app.kubernetes.io/name
  selector:
    matchLabels:
      {{- include "gantry-service.selector" . | nindent 6 }}
  endpoints:
    - port: http
      path: /metrics
      interval: {{ .Values.serviceMonitor.interval }}
{{- end }}
{{- end }}

{{- define "gantry-service.prometheus-rule" -}}
{{- if .Values.prometheusRule.enabled -}}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  {{- include "gantry-service.metadata" (dict "root" . "labels" .Values.prometheusRule.labels) | nindent 2 }}
spec:
  {{- /* A copy of deploy/observability/alerts: a chart cannot read what lies outside of it. */}}
  {{- .Files.Get "files/alerts.yaml" | required "files/alerts.yaml is missing" | nindent 2 }}
{{- end }}
{{- end }}
