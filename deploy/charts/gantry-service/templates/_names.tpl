{{/* Names and labels. Those of the pods of a service must never change: a Deployment's selector cannot. */}}

{{/* Port that the service listens on in its pod. */}}
{{- define "gantry-service.port" -}}7401{{- end }}

{{- define "gantry-service.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{- define "gantry-service.migrationName" -}}
{{ include "gantry-service.fullname" . }}-migration
{{- end }}

{{- define "gantry-service.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: gantry
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* By which others find the pods of the service, for example in their NetworkPolicies. */}}
{{- define "gantry-service.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "gantry-service.migrationSelector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: migration
{{- end }}

{{/* Metadata of an object that belongs to the running service. Call with (dict "root" . "annotations" …). */}}
{{- define "gantry-service.metadata" -}}
name: {{ include "gantry-service.fullname" .root }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "gantry-service.selector" .root | nindent 2 }}
  {{- include "gantry-service.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "gantry-service.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}
