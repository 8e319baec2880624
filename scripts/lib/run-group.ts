import { spawn } from 'node:child_process'
import { root } from './packages.ts'

/** How a process group ended. */
export interface GroupResult {
  /** The exit code; 1 when it was killed. */
  readonly code: number
  /** Both streams in the order in which they arrived. */
  readonly output: string
  /** Whether it was killed because its time was over. */
  readonly timedOut: boolean
}

const running = new Set<number>()

/** Runs a shell command as the leader of a process group, so that whatever it starts can be killed with it. */
export function runGroup(command: string, timeLimit: number): Promise<GroupResult> {
  const child = spawn('sh', ['-c', command], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const group = child.pid
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  if (group !== undefined) track(group)

  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    if (group !== undefined) killGroup(group)
  }, timeLimit)

  const ended = new Promise<GroupResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output, timedOut }))
  })
  return ended.finally(() => {
    clearTimeout(timer)
    if (group !== undefined) running.delete(group)
  })
}

function track(group: number): void {
  if (!process.listeners('exit').includes(killAll)) {
    process.on('exit', killAll)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  }
  running.add(group)
}

function killAll(): void {
  for (const group of running) killGroup(group)
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended in the meantime.
  }
}
