import { spawn } from 'node:child_process'

/** A helper process that cleans up when this process dies, however it dies. */
export interface Watchdog {
  /** The helper's process id, undefined when it could not be started. */
  readonly processId: number | undefined
  /** Has the process group of this leader ended when this process dies. */
  guard(processId: number): void
  /** Forgets a process that has ended: its number may soon belong to another. */
  unguard(processId: number): void
  /** Ends the helper: nothing is cleaned up by it any more. */
  release(): void
}

/**
 * Starts a watchdog. It reads from a pipe whose other end this process holds: the operating system closes that pipe
 * even after a SIGKILL, and at its end the watchdog stops what it guards (SIGINT, which PostgreSQL and Redis take
 * as a quick orderly shutdown, after 2.5 s SIGQUIT, after one more second SIGKILL) and removes the folders.
 * It does not keep this process alive. Processes must be started with `detached: true`, so that they lead a group.
 *
 * @param folders Absolute paths of folders that are removed, with all they hold, when this process dies.
 * @example
 * ```ts
 * import { startWatchdog } from '@exprsn/backup/server'
 *
 * const watchdog = startWatchdog([])
 * watchdog.release()
 * ```
 */
export function startWatchdog(folders: readonly string[]): Watchdog {
  const helper = spawn('/bin/sh', ['-c', script, 'exprsn-watchdog', ...folders], {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Without the helper the sweep of a later start still removes what is left: nothing here may fail because of it.
  helper.on('error', () => {})
  helper.stdin.on('error', () => {})
  helper.unref()
  ;(helper.stdin as typeof helper.stdin & { unref?(): void }).unref?.()
  const tell = (line: string): void => {
    if (helper.stdin.writable) helper.stdin.write(`${line}\n`)
  }
  return {
    processId: helper.pid,
    guard: (processId) => tell(`guard ${processId}`),
    unguard: (processId) => tell(`unguard ${processId}`),
    release() {
      tell('release')
      helper.stdin.end()
    },
  }
}

/**
 * A zombie counts as ended: in a container whose first process reaps nothing it would stay for ever.
 * SIGKILL goes out in any case: to children that were left in the group of a leader that has ended.
 * The second `rm` is for a server's last child that made a file while the first one ran.
 */
const script = `
trap '' HUP INT TERM QUIT
processes=''
while read -r word id; do
  case $word in
    guard) processes="$processes $id" ;;
    unguard)
      rest=''
      for process in $processes; do [ "$process" = "$id" ] || rest="$rest $process"; done
      processes=$rest ;;
    release) exit 0 ;;
  esac
done
signal_all() { for process in $processes; do kill -s "$1" -- "-$process"; done; }
wait_for_all() {
  steps=$1
  for process in $processes; do
    while kill -s 0 "$process"; do
      read -r facts < "/proc/$process/stat" && case $facts in *') Z '*) break ;; esac
      [ "$steps" -gt 0 ] || return 1
      steps=$((steps - 1))
      sleep 0.05
    done
  done
}
signal_all CONT
signal_all INT
wait_for_all 50 || { signal_all QUIT; wait_for_all 20; }
signal_all KILL
wait_for_all 20
[ $# -gt 0 ] || exit 0
rm -rf -- "$@" || { sleep 0.2; rm -rf -- "$@"; }
`
