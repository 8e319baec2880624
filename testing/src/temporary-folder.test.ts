import { existsSync } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

it('is closed to others and gone with all it holds at the end of its block', async () => {
  let path: string
  {
    await using folder = await temporaryFolder()
    path = folder.path
    expect((await stat(path)).mode & 0o777).toBe(0o700)
    await mkdir(join(path, 'a', 'b'), { recursive: true })
    await writeFile(join(path, 'a', 'b', 'c'), 'content')
  }
  expect(existsSync(path)).toBe(false)
})

it('may be removed twice', async () => {
  const folder = await temporaryFolder()
  await folder.remove()
  await folder.remove()
  expect(existsSync(folder.path)).toBe(false)
})
