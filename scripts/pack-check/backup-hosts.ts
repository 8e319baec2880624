import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Consumer } from './consumer.ts'
import type { Host } from './hosts.ts'

const specifiers = ['@exprsn/backup', '@exprsn/core/storage']

/**
 * Hosts that back a folder up, look at it and bring it back: with the packages' own worker threads where they are installed, and
 * without where a bundle has left the workers' files behind. None when backup is not among the packages.
 */
export async function backupHosts({ folder, specifiers: there }: Consumer): Promise<Host[]> {
  if (!specifiers.every((specifier) => there.includes(specifier))) return []
  const at = (file: string): string => join(folder, file)
  writeFileSync(at('esm/backup.js'), `${imports}\n${run(true)}`)
  writeFileSync(at('esm/backup-bundled.js'), `${imports}\n${run(false)}`)
  writeFileSync(at('cjs/backup-bundled.js'), `${requires}\n${run(false)}`)
  const bundles = [
    { name: 'a backup bundled as ESM', kind: 'esm' },
    { name: 'a backup bundled as CommonJS', kind: 'cjs' },
  ] as const
  const bundled = bundles.map(async ({ name, kind }) => {
    const outfile = at(`${kind}/bundle/backup.js`)
    const entryPoints = [at(`${kind}/backup-bundled.js`)]
    await build({
      entryPoints,
      outfile,
      format: kind,
      bundle: true,
      platform: 'node',
      target: 'node22',
      logLevel: 'silent',
    })
    return { name, file: outfile }
  })
  return [{ name: 'a backup with threads', file: at('esm/backup.js') }, ...(await Promise.all(bundled))]
}

const imports = `import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkRepository, createBackup, filesSource, openRepository } from '@exprsn/backup'
import { memoryStore } from '@exprsn/core/storage'`

const requires = `const { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { checkRepository, createBackup, filesSource, openRepository } = require('@exprsn/backup')
const { memoryStore } = require('@exprsn/core/storage')`

/** A warning says that something is done without threads. */
function run(hasThreads: boolean): string {
  return `
const warnings = []
const logger = { warn: (details, message) => warnings.push(message + ' ' + (details.err?.message ?? '')) }
for (const level of ['trace', 'debug', 'info', 'error', 'fatal']) logger[level] = () => {}
logger.child = () => logger
async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-pack-backup-'))
  try {
    mkdirSync(join(folder, 'files'))
    writeFileSync(join(folder, 'files', 'letter'), 'dear all')
    const repository = await openRepository({ store: memoryStore(), password: 'secret', create: 'new' })
    const files = filesSource({ paths: [join(folder, 'files')], threads: 2 })
    const backup = createBackup({ repository, sources: { files }, logger })
    const { id } = await backup.run('files')
    const { ok, problems } = await checkRepository(repository, { level: 3, threads: 2, logger })
    if (!ok) throw new Error('the check found ' + JSON.stringify(problems))
    await backup.restore('files', { from: id, into: join(folder, 'back') })
    const back = readFileSync(join(folder, 'back', folder, 'files', 'letter'), 'utf8')
    if (back !== 'dear all') throw new Error('it came back as ' + back)
    await backup.close()
    if ((warnings.length === 0) !== ${hasThreads}) throw new Error('warnings: ' + warnings.join('; '))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
main().catch((error) => {
  console.error(String(error))
  process.exitCode = 1
})
`
}
