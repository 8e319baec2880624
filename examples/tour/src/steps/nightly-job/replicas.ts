import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A process that runs the schedule. */
export interface Replica {
  readonly name: string
  /** Tells it the time; resolves when it has done what was due, or has died. */
  tick(now: number): Promise<void>
  kill(): void
}

/** Starts one, on a database file that it shares with the others. */
export function startReplica(path: string, name: string): Replica {
  const child = fork(join(import.meta.dirname, 'replica.ts'), [path, name], {
    execArgv: ['--conditions=@exprsn/source'],
  })
  const ended = once(child, 'exit')
  let alive = true
  void ended.then(() => (alive = false))
  return {
    name,
    async tick(now) {
      if (!alive) return
      const answered = once(child, 'message')
      child.send(now, () => {})
      await Promise.race([answered, ended])
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
