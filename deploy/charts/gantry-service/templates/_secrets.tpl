{{/*
Secrets are files, named to the service by MCP_…_FILE: it looks at them every ten seconds, so a rotated one is taken
over without a restart. Environment variables would stay as they were, and are inherited and dumped more easily.
*/}}

{{- define "gantry-service.secretsPath" -}}/run/secrets/gantry{{- end }}

{{/* Environment that names the files. Call with the list of variables. */}}
{{- define "gantry-service.secretEnv" -}}
{{- range . }}
- name: {{ . }}_FILE
  value: {{ include "gantry-service.secretsPath" $ }}/{{ . }}
{{- end }}
{{- end }}

{{/*
Volume with one file a variable. Call with (dict "variables" … "secret" …): the name of the Secret that holds what lies
nowhere else.
*/}}
{{- define "gantry-service.secretVolume" -}}
- name: secrets
  projected:
    # Readable by the group alone, which fsGroup makes the service's own.
    defaultMode: 0440
    sources:
      {{- range $variable, $place := .variables }}
      - secret:
          name: {{ $place.existingSecret | default $.secret }}
          items:
            - key: {{ $place.key | default $variable }}
              path: {{ $variable }}
      {{- end }}
{{- end }}

{{- define "gantry-service.secretName" -}}
{{ .Values.secrets.existingSecret | default (include "gantry-service.fullname" .) }}
{{- end }}

{{- define "gantry-service.migrationSecretName" -}}
{{ .Values.migrations.existingSecret | default (include "gantry-service.migrationName" .) }}
{{- end }}

{{/* Spec of an ExternalSecret. Call with (dict "root" . "target" … "entries" (dict of entry of the store to variables)). */}}
{{- define "gantry-service.externalSecretSpec" -}}
{{- with .root.Values.externalSecret -}}
refreshInterval: {{ .refreshInterval }}
secretStoreRef:
  kind: {{ .store.kind }}
  name: {{ required "externalSecret.store.name is needed" .store.name }}
{{- end }}
target:
  name: {{ .target }}
data:
  {{- range $entry, $variables := .entries }}
  {{- range $variable, $place := $variables }}
  {{- if not $place.existingSecret }}
  - secretKey: {{ $place.key | default $variable }}
    remoteRef:
      key: {{ $entry }}
      property: {{ $variable }}
  {{- end }}
  {{- end }}
  {{- end }}
{{- end }}

{{- define "gantry-service.external-secret" -}}
{{- if .Values.externalSecret.enabled }}
{{- $entries := dict .Values.externalSecret.key .Values.secrets.variables -}}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  {{- include "gantry-service.metadata" (dict "root" .) | nindent 2 }}
spec:
  {{- include "gantry-service.externalSecretSpec" (dict "root" . "target" (include "gantry-service.secretName" .) "entries" $entries) | nindent 2 }}
{{- end }}
{{- end }}
