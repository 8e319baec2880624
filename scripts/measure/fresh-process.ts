import { fileURLToPath } from 'node:url'
import { mustCapture } from '../lib/must-capture.ts'

const emptyModule = fileURLToPath(new URL('empty-module.js', import.meta.url))

const report = `const start = process.hrtime.bigint()
if (target !== undefined) await import(target)
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6`

/** Milliseconds of one `import()` in a fresh process. Without a file: of an empty module. */
export async function importMilliseconds(file: string | undefined, conditions: readonly string[]): Promise<number> {
  const target = file ?? emptyModule
  return run<number>(`${report}\nconsole.log(JSON.stringify(milliseconds))`, target, conditions)
}

/** What a process carries after an import and a moment of rest. */
export interface IdleCost {
  /** Resident set size in kB. */
  readonly rss: number
  /** Types of active resources (timers, sockets, …), the process's own output streams left out. */
  readonly resources: readonly string[]
}

/** The idle state of a fresh process, after importing a file or (without one) nothing. */
export async function idleCost(file: string | undefined, conditions: readonly string[]): Promise<IdleCost> {
  const rest = `await new Promise((resolve) => setTimeout(resolve, 100))
const { setFlagsFromString } = await import('node:v8')
const { runInNewContext } = await import('node:vm')
setFlagsFromString('--expose-gc')
runInNewContext('gc')()
const resources = process.getActiveResourcesInfo().filter((type) => !/^(TTYWrap|PipeWrap|FSReqPromise|CloseReq)$/.test(type))
console.log(JSON.stringify({ rss: process.memoryUsage.rss() / 1024, resources }))`
  return run<IdleCost>(`${report}\n${rest}`, file, conditions)
}

async function run<Result>(script: string, target: string | undefined, conditions: readonly string[]): Promise<Result> {
  const code = `const target = ${JSON.stringify(target)}\n${script}`
  // No flag of V8 may stand here: with one, Node's built-in modules lose their code cache and load twice as slowly.
  const flags = ['--no-warnings', ...conditions.map((name) => `--conditions=${name}`)]
  const output = await mustCapture(process.execPath, [...flags, '--input-type=module', '--eval', code])
  return JSON.parse(output) as Result
}
