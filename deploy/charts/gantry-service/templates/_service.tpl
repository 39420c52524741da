{{- define "gantry-service.service" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "gantry-service.metadata" (dict "root" . "annotations" .Values.service.annotations) | nindent 2 }}
spec:
  selector:
    {{- include "gantry-service.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: http
      appProtocol: http
{{- end }}

{{- define "gantry-service.service-account" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "gantry-service.metadata" (dict "root" . "annotations" .Values.serviceAccount.annotations) | nindent 2 }}
automountServiceAccountToken: false
{{- end }}
