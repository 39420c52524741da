{{/* Seconds that the process has between SIGTERM and SIGKILL, in the order in which it uses them up. */}}
{{- define "gantry-service.gracePeriod" -}}
{{- $delay := .Values.shutdown.delaySeconds -}}
{{- $drain := .Values.shutdown.drainSeconds -}}
{{- /* Jobs get 10 s to end or to be given back; then the last spans are sent, and connections are closed. */}}
{{- $close := 25 -}}
{{ add $delay $drain $close }}
{{- end }}

{{- define "gantry-service.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "gantry-service.metadata" (dict "root" .) | nindent 2 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "gantry-service.selector" . | nindent 6 }}
  strategy:
    rollingUpdate:
      # Never fewer than there were.
      maxUnavailable: 0
      maxSurge: 1
  template:
    metadata:
      labels:
        {{- include "gantry-service.selector" . | nindent 8 }}
        {{- include "gantry-service.labels" . | nindent 8 }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        # A changed setting replaces the pods, as it is read at the start alone. A changed secret does not have to.
        checksum/config: {{ include "gantry-service.settings" . | sha256sum }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "gantry-service.fullname" . }}
      {{- include "gantry-service.podSecurity" . | nindent 6 }}
      {{- include "gantry-service.scheduling" . | nindent 6 }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: {{ $.Values.topologySpread }}
          labelSelector:
            matchLabels:
              {{- include "gantry-service.selector" $ | nindent 14 }}
          # Each version is spread by itself: the pods that are about to go do not count.
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      # No preStop hook: the service itself goes on serving for a while (MCP_SHUTDOWN_DELAY_MS).
      terminationGracePeriodSeconds: {{ include "gantry-service.gracePeriod" . }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "gantry-service.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          {{- include "gantry-service.containerSecurity" . | nindent 10 }}
          ports:
            - name: http
              containerPort: {{ include "gantry-service.port" . }}
          envFrom:
            - configMapRef:
                name: {{ include "gantry-service.fullname" . }}
          env:
            {{- include "gantry-service.secretEnv" (keys .Values.secrets.variables | sortAlpha) | trim | nindent 12 }}
            {{- with .Values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          # The process ends by itself if it cannot start. This only gives it time on a busy node.
          startupProbe:
            httpGet:
              path: /health/live
              port: http
            periodSeconds: 1
            timeoutSeconds: 2
            failureThreshold: 60
          # Late and lenient: a restart helps against a process that hangs, not against one that has much to do.
          livenessProbe:
            httpGet:
              path: /health/live
              port: http
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet:
              path: /health/ready
              port: http
            periodSeconds: 5
            # Longer than its checks, which give up after 2 s.
            timeoutSeconds: 3
            failureThreshold: 2
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- include "gantry-service.mounts" . | nindent 10 }}
      {{- include "gantry-service.volumes" (dict "root" . "variables" .Values.secrets.variables "secret" (include "gantry-service.secretName" .)) | nindent 6 }}
{{- end }}
