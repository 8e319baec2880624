import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBackup, filesSource, openReplica, openRepository, repairRepository } from '@exprsn/backup'
import { s3Store } from '@exprsn/core/drivers/s3'
import { folderStore } from '@exprsn/core/storage'
import { simulateS3 } from '@exprsn/core/testing'
import type { Step, StepContext, StepOutcome } from '../../step.ts'

/** The sources of this very tour: backed up twice, restored twice, damaged once, healed. */
export const backupRepository: Step = {
  name: 'backup-repository',
  title:
    "Backup: this tour's own files, changed between two runs, both brought back; a flipped byte healed from a bucket",
  run: backUpAndHeal,
}

const tourSources = join(import.meta.dirname, '..', '..')

async function backUpAndHeal(context: StepContext): Promise<StepOutcome> {
  const { folder, say, progress, signal } = context
  const work = join(folder, 'work')
  await cp(tourSources, work, { recursive: true })
  const store = folderStore({ path: join(folder, 'repository') })
  const bucket = await startBucket(context)
  const replica = { store: bucket, password: 'for the bucket alone', scrypt: cheap }
  const repository = await openRepository({ store, password: 'correct horse', create: 'new', scrypt: cheap, signal })
  const source = filesSource({ paths: [work] })
  await using backup = createBackup({
    repository,
    sources: { sources: source },
    replicate: [replica],
    cacheFolder: join(folder, 'cache'),
  })

  const bar = progress('backing up', 'bytes')
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void =>
    bar.update(done, total)
  const first = await backup.run('sources', { onProgress, signal })
  const before = await contents(work)
  await change(work)
  const second = await backup.run('sources', { onProgress, signal })
  bar.end(`${first.files} files, then ${second.added} new bytes`)
  const after = await contents(work)
  const versions = [
    [first.id, before],
    [second.id, after],
  ] as const
  for (const [id, expected] of versions) {
    const into = join(folder, `restored-${id.slice(0, 8)}`)
    await backup.restore('sources', { from: id, into, signal })
    compare(expected, await contents(join(into, work)))
  }
  say(`Both versions came back byte for byte; ${bucket.name} has a replica.`)

  await flipOneByte(join(folder, 'repository', 'data'))
  const found = await backup.check({ level: 3, signal })
  if (found.ok) throw new Error('A flipped byte was not found.')
  say(`One byte was flipped: ${found.affected.length} file(s) would be hurt.`)
  const { after: repaired, healed } = await repairRepository(repository, {
    from: [await openReplica(repository, replica)],
  })
  if (!repaired.ok) throw new Error('The repository was not healed.')
  const { storedBytes, sourceBytes } = await backup.stats({ signal })
  return {
    facts: [
      { label: 'files backed up', value: `${first.files}, both versions restored byte for byte` },
      { label: 'second run', value: `${second.filesRead} files read, ${second.added} bytes new` },
      { label: 'size', value: `${storedBytes} bytes for ${sourceBytes} bytes of two snapshots` },
      { label: 'flipped byte', value: `found by the check, healed from the bucket (${healed.length} object)` },
    ],
  }
}

/** A tour is no place to wait for a slow key. */
const cheap = { N: 1_024, r: 8, p: 1 }

async function startBucket({ defer }: StepContext) {
  const simulator = simulateS3({ buckets: ['replica'] })
  const { endpoint } = await simulator.start()
  defer(() => simulator.close())
  const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
  const store = s3Store({ bucket: 'replica', endpoint, region: 'us-east-1', credentials, profile: 'minio' })
  defer(() => store.close())
  return { ...store, name: 'an S3 bucket' }
}

/** One file edited, one removed, one added. */
async function change(work: string): Promise<void> {
  const main = join(work, 'main.ts')
  await writeFile(main, `// changed between two backups\n${await readFile(main, 'utf8')}`)
  await rm(join(work, 'step.ts'))
  await writeFile(join(work, 'added.txt'), 'added between two backups')
}

async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name)
    found.set(path.slice(folder.length), await readFile(path, 'base64'))
  }
  return found
}

function compare(expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): void {
  const paths = new Set([...expected.keys(), ...found.keys()])
  for (const path of paths)
    if (expected.get(path) !== found.get(path)) throw new Error(`${path} came back with other content.`)
}

async function flipOneByte(data: string): Promise<void> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true })
  const pack = entries.find((each) => each.isFile())!
  const path = join(pack.parentPath, pack.name)
  const bytes = await readFile(path)
  bytes[40]! ^= 1
  await writeFile(path, bytes)
}
