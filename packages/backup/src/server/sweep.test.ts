import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import { temporaryFolder, type TemporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processIdentity } from './process-identity.ts'
import { keepServerFolder, makeServerFolder, serverFolderPath } from './server-folder.ts'
import { sweepServerFolders } from './sweep.ts'

let parent: TemporaryFolder
beforeEach(async () => {
  parent = await temporaryFolder()
})
afterEach(() => parent.remove())

const name = 'exprsn-postgres-0123456789ab'

async function folderOf(owner: unknown, folderName = name): Promise<string> {
  const folder = join(parent.path, folderName)
  await mkdir(join(folder, 'data'), { recursive: true })
  await writeFile(join(folder, 'data', 'PG_VERSION'), '18\n')
  if (owner !== undefined) await writeFile(join(folder, 'owner'), JSON.stringify(owner))
  return folder
}

async function deadOwner() {
  const child = spawn('sleep', ['60'])
  const identity = await processIdentity(systemDisk, child.pid!)
  child.kill('SIGKILL')
  await once(child, 'close')
  return identity!
}

describe('makeServerFolder', () => {
  it('makes a folder that is closed to others and names its process', async () => {
    const folder = serverFolderPath('postgres')
    await makeServerFolder(systemDisk, folder, undefined)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect(JSON.parse(await readFile(join(folder, 'owner'), 'utf8'))).toEqual(
      await processIdentity(systemDisk, process.pid),
    )
    expect(await sweepServerFolders(systemDisk)).not.toContain(folder)
    expect(existsSync(folder)).toBe(true)
    await systemDisk.removeFile(join(folder, 'owner'))
    await systemDisk.removeFolder(folder)
  })
})

describe('sweepServerFolders', () => {
  it('removes the folder of a dead process', async () => {
    const folder = await folderOf(await deadOwner())
    expect(await sweepServerFolders(systemDisk, parent.path)).toEqual([folder])
    expect(existsSync(folder)).toBe(false)
  })

  it('removes it when the number belongs to another process by now', async () => {
    const folder = await folderOf({ ...(await processIdentity(systemDisk, process.pid)), startedAt: '1' })
    expect(await sweepServerFolders(systemDisk, parent.path)).toEqual([folder])
  })

  it('stops a server that still runs in it', async (context) => {
    if (process.platform !== 'linux') context.skip('only /proc tells the working folder of a process')
    const folder = await folderOf(await deadOwner())
    const server = spawn('sleep', ['60'], { cwd: join(folder, 'data') })
    const exit = once(server, 'exit')
    await sweepServerFolders(systemDisk, parent.path)
    expect(await exit).toEqual([null, 'SIGQUIT'])
  })

  it.each([
    ['of a process that lives', async () => processIdentity(systemDisk, process.pid)],
    ['of another machine or container', async () => ({ ...(await deadOwner()), space: 'elsewhere' })],
    ['without a mark: it may be in the making', async () => undefined],
    ['with a mark that makes no sense', async () => ({ processId: '1' })],
    ['with a mark of the wrong kind', async () => null],
  ])('leaves a folder %s', async (_, owner) => {
    const folder = await folderOf(await owner())
    expect(await sweepServerFolders(systemDisk, parent.path)).toEqual([])
    expect(existsSync(join(folder, 'data', 'PG_VERSION'))).toBe(true)
  })

  it('leaves a folder that was kept on purpose', async () => {
    const folder = await folderOf(await deadOwner())
    await keepServerFolder(systemDisk, folder)
    expect(await sweepServerFolders(systemDisk, parent.path)).toEqual([])
  })

  it('leaves folders of other names, and links', async () => {
    const owner = await deadOwner()
    const other = await folderOf(owner, 'exprsn-postgres-mine')
    await symlink(other, join(parent.path, name))
    expect(await sweepServerFolders(systemDisk, parent.path)).toEqual([])
    expect(existsSync(other)).toBe(true)
  })

  it('leaves a folder whose mark was made by another user', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root can make files of another user')
    const folder = await folderOf(await deadOwner())
    await chown(join(folder, 'owner'), 65_534, 65_534)
    expect(await sweepServerFolders(systemDisk, parent.path)).toEqual([])
  })
})
