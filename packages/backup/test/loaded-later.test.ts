import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const script = `
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
const { openRepository, filesSource } = await import('@exprsn/backup')
const { memoryStore } = await import('@exprsn/core/storage')
const before = [...loaded]
const scrypt = { N: 1024, r: 8, p: 1 }
await openRepository({ store: memoryStore(), password: 'secret', create: 'new', scrypt })
console.log(JSON.stringify({ before, after: loaded }))
`

/** Paths below `src` of the modules that are loaded before anything is called, and once a repository is open. */
function loadedModules(): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const args = ['--conditions=@exprsn/source', '--no-warnings', '--input-type=module', '--eval', script]
  const { before, after } = JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }))
  const ours = (urls: readonly string[]) => urls.flatMap((url) => url.split('/backup/src/')[1] ?? [])
  return { before: ours(before), after: ours(after) }
}

describe('what works with a repository', () => {
  it('is loaded when it is needed: a program begins to derive the key first', () => {
    const { before, after } = loadedModules()
    expect(before).toContain('repository/open-repository.ts')
    const later = [
      ...['repository/assemble-repository.ts', 'repository/reader/create-reader.ts', 'repository/prune/prune.ts'],
      ...['sources/files/back-up-files.ts', 'sources/restore/restore-files.ts', 'sources/sqlite/back-up-database.ts'],
      ...['verify/run-check.ts', 'replicate/run-replication.ts', 'replicate/run-repair.ts', 'postgres/bind-source.ts'],
    ]
    expect(before.filter((module) => later.includes(module))).toEqual([])
    expect(after).toContain('repository/assemble-repository.ts')
    expect(after).not.toContain('sources/files/back-up-files.ts')
  })
})
