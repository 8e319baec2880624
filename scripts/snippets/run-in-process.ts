// Runs the modules named in a JSON file one after another, each in a fresh folder, and notes how each one ended.
// Arguments: the list's path, the path of the notes, milliseconds per snippet.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'

const [list, notes, limit] = process.argv.slice(2) as [string, string, string]
const home = process.cwd()
let reject: (reason: unknown) => void = () => {}

process.on('unhandledRejection', (reason) => reject(reason))
process.on('uncaughtException', (error) => reject(error))

for (const module of JSON.parse(readFileSync(list, 'utf8')) as readonly string[]) {
  note({ module, state: 'started' })
  const error = await runOne(module)
  note(error === undefined ? { module, state: 'passed' } : { module, state: 'failed', error })
}
process.exit(0)

async function runOne(module: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'snippet-'))
  process.chdir(folder)
  let timer: NodeJS.Timeout | undefined
  try {
    const failed = new Promise<never>((_, fail) => {
      reject = fail
      timer = setTimeout(() => fail(new Error(`It did not end within ${limit} ms.`)), Number(limit))
    })
    await Promise.race([imported(module), failed])
    return undefined
  } catch (error) {
    return inspect(error)
  } finally {
    clearTimeout(timer)
    process.chdir(home)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Resolves one turn after the module's end, when rejections that nobody handled have been reported. */
async function imported(module: string): Promise<void> {
  await import(pathToFileURL(module).href)
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}

function note(entry: unknown): void {
  appendFileSync(notes, `${JSON.stringify(entry)}\n`)
}
