/** What the docker command needs of an environment: to find itself, its settings, proxies, an ssh agent. Nothing else. */
const PASSED =
  /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|TEMP|TMP|LANG|LC_.*|XDG_RUNTIME_DIR|XDG_CONFIG_HOME|DOCKER_CONFIG|BUILDX_BUILDER|BUILDX_CONFIG|SSH_AUTH_SOCK|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|SYSTEMROOT|COMSPEC|PATHEXT)$/i;

export function commandEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && PASSED.test(name) ? [[name, value] as const] : [],
    ),
  );
}
