{{/* One rule of egress: where to, and which ports. */}}
{{- define "gantry-service.egressRule" -}}
- ports:
    {{- toYaml .ports | nindent 4 }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "gantry-service.network-policy" -}}
{{- if .Values.networkPolicy.enabled }}
{{- $unused := dict
  "redis" (not (hasKey .Values.secrets.variables "MCP_REDIS_URL"))
  "otlp" (not .Values.settings.MCP_OTLP_ENDPOINT)
-}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "gantry-service.metadata" (dict "root" .) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "gantry-service.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- range $name, $from := .Values.networkPolicy.ingress }}
    # {{ $name }}
    - from:
        {{- toYaml $from | nindent 8 }}
      ports:
        - port: http
    {{- end }}
  egress:
    {{- range $name, $rule := .Values.networkPolicy.egress }}
    {{- if not (get $unused $name) }}
    # {{ $name }}
    {{- include "gantry-service.egressRule" $rule | nindent 4 }}
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}
