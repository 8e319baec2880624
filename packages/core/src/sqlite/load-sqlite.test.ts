import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadSqlite } from './load-sqlite.ts'

const run = promisify(execFile)

describe('loadSqlite', () => {
  it('gives a working SQLite', async () => {
    const { DatabaseSync } = await loadSqlite()
    const database = new DatabaseSync(':memory:')
    expect(database.prepare('select 40 + 2 as answer').get()).toMatchObject({ answer: 42 })
    database.close()
  })

  it('loads once', () => {
    expect(loadSqlite()).toBe(loadSqlite())
  })

  it('puts the process back as it was', async () => {
    const before = Reflect.get(process, 'emitWarning')
    await loadSqlite()
    expect(Reflect.get(process, 'emitWarning')).toBe(before)
  })

  it('prints nothing in a fresh process, while the warnings of others pass', async () => {
    const module = JSON.stringify(new URL('./load-sqlite.ts', import.meta.url).href)
    const script = `import { loadSqlite } from ${module}
      const loading = loadSqlite()
      process.emitWarning('of the host', 'ExperimentalWarning')
      await loading
      process.emitWarning('afterwards')`
    const { stderr } = await run(process.execPath, ['--input-type=module', '-e', script])
    expect(stderr).not.toContain('SQLite is an experimental')
    expect(stderr).toContain('of the host')
    expect(stderr).toContain('afterwards')
  })
})
