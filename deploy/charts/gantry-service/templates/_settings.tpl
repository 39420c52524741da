{{/* What the process is told by its environment. Secrets are in _secrets.tpl. */}}

{{/* A value as text. Helm reads 16777216 as a float, and would print 1.6777216e+07. */}}
{{- define "gantry-service.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) -}}
{{ printf "%.0f" . }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end }}

{{/* Hosts that requests may be addressed to besides the public one: the Service's, and those of a port-forward. */}}
{{- define "gantry-service.hosts" -}}
{{- $name := include "gantry-service.fullname" . -}}
{{- $domain := printf "%s.%s" $name .Release.Namespace -}}
{{ list $name $domain (printf "%s.svc" $domain) (printf "%s.svc.cluster.local" $domain) "localhost" "127.0.0.1" "[::1]" | join "," }}
{{- end }}

{{/* All settings, as YAML of texts: those of the values, and those that other objects of the chart depend on. */}}
{{- define "gantry-service.settings" -}}
{{- $settings := dict
  "MCP_TRANSPORT" "http"
  "MCP_PORT" (include "gantry-service.port" .)
  "MCP_ALLOWED_HOSTS" (include "gantry-service.hosts" .)
  "MCP_SHUTDOWN_DELAY_MS" (mul 1000 .Values.shutdown.delaySeconds)
  "MCP_SHUTDOWN_TIMEOUT_MS" (mul 1000 .Values.shutdown.drainSeconds)
-}}
{{- range $name, $value := mergeOverwrite $settings (deepCopy .Values.settings) }}
{{ $name }}: {{ include "gantry-service.text" $value | quote }}
{{- end }}
{{- end }}

{{- define "gantry-service.config-map" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "gantry-service.metadata" (dict "root" .) | nindent 2 }}
data:
  {{- include "gantry-service.settings" . | trim | nindent 2 }}
{{- end }}
