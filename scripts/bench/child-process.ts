import { spawn, type StdioOptions } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { root } from '../lib/packages.ts'
import { tail } from '../lib/must-capture.ts'

/** What a finished child process cost. */
export interface ChildCost {
  /** Milliseconds from its start to its end. */
  readonly wall: number
  /** User + system milliseconds of the child and, for a foreign command, of the children it waited for. */
  readonly cpu: number
  readonly stdout: string
}

/** What a Node child cost, as it saw it itself. */
export interface NodeCost extends ChildCost {
  /** Peak resident set size in kB. */
  readonly rss: number
}

const reportUsage = fileURLToPath(new URL('report-usage.mjs', import.meta.url))

/** Options of {@link measureNode}. */
export interface MeasureNodeOptions {
  /** Whether our packages run as users install them, which has to be built before, instead of from source. @default false */
  readonly built?: boolean | undefined
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** Runs a script in a Node of its own. It reports its own CPU time and peak memory as it exits. */
export async function measureNode(
  script: string,
  args: readonly string[] = [],
  { built = false, env }: MeasureNodeOptions = {},
): Promise<NodeCost> {
  const conditions = built ? [] : ['--conditions=@exprsn/source']
  const flags = [...conditions, '--no-warnings', '--import', reportUsage]
  const { wall, stdout, report } = await finish(process.execPath, [...flags, script, ...args], env)
  return { wall, stdout, ...(JSON.parse(report) as { cpu: number; rss: number }) }
}

/** Runs a command that is not ours. A shell around it reports the CPU time of its children (POSIX `times`). */
export async function measureCommand(command: string, args: readonly string[] = []): Promise<ChildCost> {
  const shell = '"$@"; code=$?; times >&3; exit $code'
  const { wall, stdout, report } = await finish('sh', ['-c', shell, 'sh', command, ...args])
  return { wall, stdout, cpu: parseTimes(report) }
}

/** Milliseconds of user + system time on the second line of what `times` prints: that of the children. */
export function parseTimes(report: string): number {
  const children = report.split('\n')[1] ?? ''
  const amounts = [...children.matchAll(/(\d+)m([\d.]+)s/g)]
  return amounts.reduce((total, [, minutes, seconds]) => total + Number(minutes) * 60_000 + Number(seconds) * 1000, 0)
}

async function finish(command: string, args: readonly string[], env: MeasureNodeOptions['env'] = {}) {
  const start = performance.now()
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', 'pipe']
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio })
  const texts = ['', '', '', '']
  for (const stream of [1, 2, 3])
    child.stdio[stream]?.on('data', (chunk: Buffer) => (texts[stream] += chunk.toString()))
  let wall = 0
  child.once('exit', () => (wall = performance.now() - start))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}:\n${tail(texts[2]!)}`)
  return { wall, stdout: texts[1]!, report: texts[3]! }
}
