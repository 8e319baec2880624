import { execFile, execFileSync, type ExecFileException } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startOwnPostgres } from '@exprsn/real-servers/own-postgres'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { describe, expect, it } from 'vitest'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the tour as its users do, in a process of its own. */
function tour(...options: readonly string[]): Promise<Ended> {
  const args = ['--conditions=@exprsn/source', main, '--once', ...options]
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error: ExecFileException | null, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

/** One clear line, exit code 1, and nothing left in the folder. */
function expectFailure(ended: Ended, message: RegExp): void {
  expect(ended).toMatchObject({ code: 1 })
  const lines = ended.stderr.trim().split('\n')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(message)
}

describe('the tour on bad input', () => {
  it('names an unknown option', async () => {
    expectFailure(await tour('--wat'), /^tour: Unknown option '--wat'/)
  })

  it('says that a server cannot be reached', async () => {
    const ended = await tour('--only', 'postgres-pitr', '--postgres', 'postgres://somebody:hidden@127.0.0.1:1/app')
    expectFailure(ended, /cannot be reached: .*127\.0\.0\.1:1\. Check/)
    expect(ended.stdout + ended.stderr).not.toContain('hidden')
  })

  it('says that a password is wrong, and does not print it', async () => {
    await using server = await startOwnPostgres({ listen: 'tcp', password: 'right' })
    const { port, user } = server.connection
    const ended = await tour(
      '--only',
      'postgres-pitr',
      '--postgres',
      `postgres://${user}:hidden@127.0.0.1:${port}/postgres`,
    )
    expectFailure(ended, /password/i)
    expect(ended.stdout + ended.stderr).not.toContain('hidden')
  })

  it('says that a folder cannot be used', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'a-file')
    writeFileSync(file, '')
    expectFailure(await tour('--folder', file, '--only', 'postgres-pitr'), /A folder was expected, but .*a-file/)
  })

  it('says that a port is taken before it begins', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const args = ['--conditions=@exprsn/source', main, '--port', String(port)]
    expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).toThrow(`Port ${port} is taken`)
    server.close()
  })

  // Only root may mount a file system small enough to fill.
  it.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
    'says that the disk is full, and leaves nothing behind',
    async () => {
      await using folder = await temporaryFolder()
      const small = join(folder.path, 'small')
      mkdirSync(small)
      chmodSync(folder.path, 0o711)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', small])
      try {
        expectFailure(
          await tour('--folder', small, '--only', 'postgres-pitr'),
          /^tour: postgres-pitr: The disk .* is full.*Free some space/,
        )
        expect(readdirSync(small)).toEqual([])
      } finally {
        execFileSync('umount', [small])
      }
    },
    60_000,
  )
})
