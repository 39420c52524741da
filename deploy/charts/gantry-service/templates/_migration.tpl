{{/*
Migrations run before anything of the new version exists, so all that the Job needs is made by hooks as well, in the
order of their weights, and removed with it when it has succeeded. A failed one stays to be looked at, until the next try.
*/}}

{{/* Metadata of a hook. Call with (dict "root" . "weight" …). */}}
{{- define "gantry-service.migrationMetadata" -}}
name: {{ include "gantry-service.migrationName" .root }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "gantry-service.migrationSelector" .root | nindent 2 }}
  {{- include "gantry-service.labels" .root | nindent 2 }}
annotations:
  helm.sh/hook: pre-install,pre-upgrade
  helm.sh/hook-weight: {{ .weight | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
  {{- with .annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/*
The variables that the Job gets: its own, and those of the service, without which no process of the service starts.
Until the hooks have succeeded, an ExternalSecret of the service does not exist: then they are in the Job's own Secret.
*/}}
{{- define "gantry-service.migrationVariables" -}}
{{- $own := dict "MCP_MIGRATION_DATABASE_URL" (dict "existingSecret" (include "gantry-service.migrationSecretName" .)) -}}
{{ toYaml (merge $own .Values.secrets.variables) }}
{{- end }}

{{- define "gantry-service.migration" -}}
{{- if .Values.migrations.enabled }}
{{- $variables := include "gantry-service.migrationVariables" . | fromYaml }}
{{- $isExternal := .Values.externalSecret.enabled -}}
{{- $secret := ternary (include "gantry-service.migrationSecretName" .) (include "gantry-service.secretName" .) $isExternal -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "gantry-service.migrationMetadata" (dict "root" . "weight" -10 "annotations" .Values.migrations.serviceAccount.annotations) | nindent 2 }}
automountServiceAccountToken: false
{{- if $isExternal }}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  {{- include "gantry-service.migrationMetadata" (dict "root" . "weight" -10) | nindent 2 }}
spec:
  {{- $entries := dict .Values.externalSecret.key .Values.secrets.variables .Values.externalSecret.migrationKey (dict "MCP_MIGRATION_DATABASE_URL" dict) }}
  {{- include "gantry-service.externalSecretSpec" (dict "root" . "target" (include "gantry-service.migrationSecretName" .) "entries" $entries) | nindent 2 }}
{{- end }}
{{- if .Values.networkPolicy.enabled }}
---
# Where everything is refused by default, the Job would have no database without it.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "gantry-service.migrationMetadata" (dict "root" . "weight" -10) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "gantry-service.migrationSelector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- range pick .Values.networkPolicy.egress "dns" "postgres" }}
    {{- include "gantry-service.egressRule" . | nindent 4 }}
    {{- end }}
{{- end }}
---
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "gantry-service.migrationMetadata" (dict "root" . "weight" 0) | nindent 2 }}
spec:
  activeDeadlineSeconds: {{ .Values.migrations.deadlineSeconds }}
  backoffLimit: 3
  podFailurePolicy:
    rules:
      # Wrong settings (EX_CONFIG) do not get better by trying again.
      - action: FailJob
        onExitCodes:
          containerName: migrate
          operator: In
          values: [78]
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
  template:
    metadata:
      labels:
        {{- include "gantry-service.migrationSelector" . | nindent 8 }}
        {{- include "gantry-service.labels" . | nindent 8 }}
    spec:
      serviceAccountName: {{ include "gantry-service.migrationName" . }}
      {{- include "gantry-service.podSecurity" . | nindent 6 }}
      {{- include "gantry-service.scheduling" . | nindent 6 }}
      restartPolicy: Never
      containers:
        - name: migrate
          image: {{ include "gantry-service.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args: [migrate]
          {{- include "gantry-service.containerSecurity" . | nindent 10 }}
          env:
            # Not from the ConfigMap: at the first install there is none yet, and at an upgrade it is the old one.
            {{- range $name, $value := include "gantry-service.settings" . | fromYaml }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            {{- include "gantry-service.secretEnv" (keys $variables | sortAlpha) | trim | nindent 12 }}
            {{- with .Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- with .Values.migrations.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- include "gantry-service.mounts" . | nindent 10 }}
      {{- include "gantry-service.volumes" (dict "root" . "variables" $variables "secret" $secret) | nindent 6 }}
{{- end }}
{{- end }}
