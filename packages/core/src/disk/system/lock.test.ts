import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTemporaryFolder } from '../make-temporary-folder.ts'
import { readFile } from '../read-file.ts'
import { removeTree } from '../remove-tree.ts'
import { systemDisk } from '../system-disk.ts'

let folder: string
const children = new Set<ChildProcess>()
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(async () => {
  for (const child of children) await killed(child)
  await removeTree(systemDisk, folder)
})

const module = JSON.stringify(new URL('../system-disk.ts', import.meta.url).href)

/** Another process that says whether it got the lock, and keeps it until it dies. */
async function otherProcess(path: string): Promise<{ readonly child: ChildProcess; readonly answer: string }> {
  const script = `import { systemDisk } from ${module}
    globalThis.lock = await systemDisk.lock(${JSON.stringify(path)})
    process.stdout.write(globalThis.lock ? 'held' : 'taken')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  const [answer] = await once(child.stdout, 'data')
  return { child, answer: String(answer) }
}

async function killed(child: ChildProcess): Promise<void> {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

describe('systemDisk.lock', () => {
  it('dies with its process, also with one that is killed', async () => {
    const path = `${folder}/lock`
    const { child, answer } = await otherProcess(path)
    expect(answer).toBe('held')
    expect(await systemDisk.lock(path)).toBeUndefined()
    await killed(child)
    const lock = await systemDisk.lock(path)
    expect(lock).toBeDefined()
    await lock!.release()
  })

  it('keeps another process out, also after its file was read here', async () => {
    const path = `${folder}/lock`
    const lock = await systemDisk.lock(path)
    expect(await readFile(systemDisk, path)).toHaveLength(0)
    systemDisk.openSync(path, 'read').closeSync()
    expect((await otherProcess(path)).answer).toBe('taken')
    await lock!.release()
    expect((await otherProcess(path)).answer).toBe('held')
  })

  it('leaves the descriptors alone that are none of its business', async () => {
    const lock = await systemDisk.lock(`${folder}/lock`)
    const file = await systemDisk.open(`${folder}/other`, 'create')
    await file.write(Buffer.from('kept'), 0)
    await file.close()
    await lock!.release()
    expect(Buffer.from(await readFile(systemDisk, `${folder}/other`)).toString()).toBe('kept')
  })

  it('refuses a folder, and a file that is something else', async () => {
    await expect(systemDisk.lock(folder)).rejects.toMatchObject({ code: expect.stringMatching(/^CORE_DISK_/) })
    const file = await systemDisk.open(`${folder}/text`, 'create')
    await file.write(Buffer.from('this is not a lock file, and it is longer than one page header. '.repeat(20)), 0)
    await file.close()
    await expect(systemDisk.lock(`${folder}/text`)).rejects.toMatchObject({
      code: 'CORE_DISK_FAILED',
      details: { operation: 'lock', path: `${folder}/text` },
    })
  })

  it('refuses a path that is none', async () => {
    await expect(systemDisk.lock(`${folder}/zero\0byte`)).rejects.toMatchObject({ code: 'CORE_DISK_PATH_INVALID' })
  })
})
