{{/* What the pods of the service and of its migration have in common. */}}

{{/* Pod Security "restricted", and what goes beyond it. */}}
{{- define "gantry-service.podSecurity" -}}
automountServiceAccountToken: false
# A Service called mcp-… would put MCP_… variables into the pod, which the service refuses as unknown.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "gantry-service.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "gantry-service.mounts" -}}
volumeMounts:
  - name: secrets
    mountPath: {{ include "gantry-service.secretsPath" . }}
    readOnly: true
  - name: tmp
    mountPath: /tmp
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Call with (dict "root" . "variables" … "secret" …). */}}
{{- define "gantry-service.volumes" -}}
volumes:
  {{- include "gantry-service.secretVolume" . | nindent 2 }}
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
  {{- with .root.Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "gantry-service.scheduling" -}}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
