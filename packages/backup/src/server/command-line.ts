/** What decides the server's command line. */
export interface CommandLine {
  readonly dataFolder: string
  /** The folder of the Unix socket. */
  readonly folder: string
  readonly port: number
  readonly listen: 'socket' | 'tcp'
  readonly settings: Readonly<Record<string, string>>
}

/**
 * The arguments of `postgres`. The log must reach us, in English, on stderr; the caller's settings come last and win,
 * except over these, without which nobody would ever learn that the server is ready.
 */
export function serverArguments({ dataFolder, folder, port, listen, settings }: CommandLine): string[] {
  const needed: Readonly<Record<string, string>> = {
    listen_addresses: listen === 'tcp' ? '127.0.0.1' : '',
    unix_socket_directories: folder,
    logging_collector: 'off',
    log_destination: 'stderr',
    log_min_messages: 'warning',
    lc_messages: 'C',
    external_pid_file: '',
  }
  const assignments = Object.entries({ ...settings, ...needed }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', dataFolder, '-p', String(port), ...assignments]
}
