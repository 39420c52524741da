{{/* How clients outside of the cluster reach the service. */}}

{{/* What of the service is for them, as a JSON list. */}}
{{- define "gantry-service.paths" -}}
{{ concat (list "/mcp" "/.well-known/oauth-protected-resource") .Values.exposedPaths | toJson }}
{{- end }}

{{/* Host of the URL by which clients know the service. */}}
{{- define "gantry-service.host" -}}
{{ (urlParse .Values.settings.MCP_AUTH_AUDIENCE).hostname }}
{{- end }}

{{- define "gantry-service.ingress" -}}
{{- if .Values.ingress.enabled }}
{{- $host := .Values.ingress.host | default (include "gantry-service.host" .) -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  {{- include "gantry-service.metadata" (dict "root" . "annotations" .Values.ingress.annotations) | nindent 2 }}
spec:
  {{- with .Values.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .Values.ingress.tlsSecret }}
  tls:
    - hosts: [{{ $host }}]
      secretName: {{ . }}
  {{- end }}
  rules:
    - host: {{ $host }}
      http:
        paths:
          {{- range include "gantry-service.paths" . | fromJsonArray }}
          - path: {{ . }}
            pathType: Prefix
            backend:
              service:
                name: {{ include "gantry-service.fullname" $ }}
                port:
                  name: http
          {{- end }}
{{- end }}
{{- end }}

{{- define "gantry-service.http-route" -}}
{{- if .Values.httpRoute.enabled -}}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  {{- include "gantry-service.metadata" (dict "root" . "annotations" .Values.httpRoute.annotations) | nindent 2 }}
spec:
  parentRefs:
    {{- toYaml .Values.httpRoute.parentRefs | nindent 4 }}
  hostnames:
    {{- toYaml (.Values.httpRoute.hostnames | default (list (include "gantry-service.host" .))) | nindent 4 }}
  rules:
    - matches:
        {{- range include "gantry-service.paths" . | fromJsonArray }}
        - path:
            type: PathPrefix
            value: {{ . }}
        {{- end }}
      {{- with .Values.httpRoute.requestTimeout }}
      timeouts:
        request: {{ . }}
      {{- end }}
      backendRefs:
        - name: {{ include "gantry-service.fullname" . }}
          port: {{ .Values.service.port }}
{{- end }}
{{- end }}
