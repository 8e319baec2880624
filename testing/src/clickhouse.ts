import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { missingAfterInstall } from './install-on-first-use.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = join(import.meta.dirname, '..', 'chdb')
const script = join(import.meta.dirname, 'clickhouse-server.fixture.ts')

/** Where chDB is installed. */
export const chdbFolder: string = folder

/** Installs chDB where that has not been done, or says why it cannot be. */
export function installChdb(): Promise<string | undefined> {
  return missingAfterInstall('chDB', folder)
}

/** The engine of ClickHouse with an empty database. */
export interface RunningClickhouse extends AsyncDisposable {
  readonly url: string
  /** Rows of a query, as objects. @throws What the engine says. */
  rows(query: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

/**
 * Starts chDB, which is ClickHouse in a library, in a process of its own behind a small HTTP server; installed where that has
 * not been done; the reason where it cannot be. With CI=true nothing may be skipped: then the reason fails the test.
 */
export async function startClickhouse(): Promise<RunningClickhouse | { readonly missing: string }> {
  const missing = await installChdb()
  if (missing !== undefined) return { missing }
  const files = await temporaryFolder()
  const child = spawn(process.execPath, ['--no-warnings', script, folder, join(files.path, 'data')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const port = await Promise.race([once(child.stdout, 'data').then(([text]) => Number(text)), exited.then(() => 0)])
  if (port === 0) throw new Error('chDB did not start.')
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    async rows(query) {
      const response = await fetch(`${url}/?default_format=JSONEachRow`, { method: 'POST', body: query })
      const text = await response.text()
      if (!response.ok) throw new Error(text)
      return text
        .split('\n')
        .filter(Boolean)
        .map((row) => JSON.parse(row) as Record<string, unknown>)
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
      await files.remove()
    },
  }
}
