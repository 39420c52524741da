{{/* Everything that a service is made of. The chart of a service includes this, and nothing else. */}}
{{- define "gantry-service.manifests" -}}
{{- $objects := list
  "service-account" "config-map" "external-secret" "migration"
  "deployment" "service" "horizontal-pod-autoscaler" "pod-disruption-budget" "network-policy"
  "ingress" "http-route" "service-monitor" "prometheus-rule"
-}}
{{- range $objects }}
---
{{ include (printf "gantry-service.%s" .) $ }}
{{- end }}
{{- end }}

{{- define "gantry-service.notes" -}}
{{ .Chart.Name }} {{ .Chart.AppVersion }} as {{ include "gantry-service.fullname" . }} in {{ .Release.Namespace }}.

MCP endpoint for clients:     {{ .Values.settings.MCP_AUTH_AUDIENCE }}
MCP endpoint in the cluster:  http://{{ include "gantry-service.fullname" . }}.{{ .Release.Namespace }}:{{ .Values.service.port }}/mcp
{{- if not (or .Values.ingress.enabled .Values.httpRoute.enabled) }}
Nothing leads there from outside of the cluster (ingress.enabled, httpRoute.enabled).
{{- end }}
{{- if not .Values.networkPolicy.enabled }}
There is no NetworkPolicy: everything in the cluster can connect to it.
{{- end }}
{{- if not (hasKey .Values.secrets.variables "MCP_REDIS_URL") }}
There is no Redis: rate limits and caches hold for each replica alone.
{{- end }}

Is it ready, and if not, why?

  kubectl --namespace {{ .Release.Namespace }} port-forward service/{{ include "gantry-service.fullname" . }} 7401:http
  curl http://127.0.0.1:7401/health
{{- end }}
