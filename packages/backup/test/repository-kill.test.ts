import { folderStore } from '@exprsn/core/storage'
import { surviveKills } from '@exprsn/core/testing'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRepository } from '../src/repository/index.ts'
import { checkRepository } from '../src/verify/index.ts'
import { cheapScrypt, readAll } from './sample-repository.ts'
import { restic, resticMissing } from './restic.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-kill-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const runs = Number(process.env['EXPRSN_KILLS'] ?? 5)

describe('a backup that is killed', () => {
  it(
    `keeps what it acknowledged over ${runs} kills in one repository, and goes on without help`,
    { timeout: 60_000 + runs * 5_000 },
    async () => {
      const path = join(folder, 'repository')
      const store = folderStore({ path })
      await openRepository({ store, password: 'secret', create: 'new', scrypt: cheapScrypt })
      const forgotten = new Set<string>()
      const promised = new Set<string>()
      const report = await surviveKills({
        runs,
        within: '2s',
        start: ({ run }) =>
          spawn(
            process.execPath,
            [
              '--conditions=@exprsn/source',
              fileURLToPath(new URL('./repository-child.ts', import.meta.url)),
              path,
              String(run * 1_000 + 1),
            ],
            { stdio: ['ignore', 'pipe', 'inherit'] },
          ),
        recover: async ({ acknowledged }) => {
          for (const line of acknowledged) {
            const [what, version] = line.split(' ') as [string, string]
            if (what === 'saved') promised.add(version)
            else forgotten.add(version)
          }
          const repository = await openRepository({ store, password: 'secret' })
          const problems = (await checkRepository(repository, { level: 3 })).problems.map((each) =>
            JSON.stringify(each),
          )
          const found = await readAll(repository)
          for (const version of promised)
            if (!forgotten.has(version) && !found.has(version)) problems.push(`snapshot ${version} is lost`)
          for (const [version, files] of found)
            if (!files.get('one/version')!.startsWith(`version ${version} `))
              problems.push(`snapshot ${version} holds other content`)
          return problems
        },
      })
      expect(report.violations).toEqual([])
      expect(promised.size).toBeGreaterThan(0)
      if (resticMissing !== undefined) return
      // Our own programs go on beside the locks of dead ones; restic asks for them to be cleared.
      restic(path, ['unlock'])
      expect(restic(path, ['check', '--read-data'])).toContain('no errors were found')
    },
  )
})
