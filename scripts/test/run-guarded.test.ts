import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ancestors, areAlive } from './ancestors.ts'
import { runGuarded } from './run-guarded.ts'

function run(script: string, onEnd: (folder: string) => void = () => {}) {
  const environment = () => ({ PATH: process.env.PATH ?? '' })
  return runGuarded({ program: '/bin/sh', programArguments: ['-c', script], cwd: '/', environment, onEnd })
}

describe('runGuarded', () => {
  it('gives the program a temporary folder of its own, and removes it', async () => {
    let folder = ''
    let seen = false
    const { exit, leftovers } = await run('echo result > "$TMPDIR/result"; exit 3', (path) => {
      folder = path
      seen = existsSync(join(path, 'result'))
    })
    expect({ exit, leftovers, seen }).toEqual({ exit: 3, leftovers: ['result'], seen: true })
    expect(existsSync(folder)).toBe(false)
  })

  it('names the signal that ended the program', async () => {
    expect((await run('kill -KILL $$')).exit).toBe('SIGKILL')
  })

  it('says when the program cannot be run', async () => {
    const result = await runGuarded({
      program: '/nowhere/node',
      programArguments: [],
      cwd: '/',
      environment: () => ({}),
      onEnd: () => {},
    })
    expect(result.exit).toBe(127)
  })

  it('ends what the program left running', async () => {
    let folder = ''
    await run('(while :; do echo x > "$TMPDIR/alive"; sleep 0.02; done) & exit 0', (path) => {
      folder = path
    })
    await delay(200)
    expect(existsSync(folder)).toBe(false)
  })
})

describe('a run whose process dies', () => {
  /** Starts a process that runs `script` guarded; resolves to it and to the line that the script writes first. */
  async function guardian(script: string, throughShell = false) {
    const program = `
      import { runGuarded } from ${JSON.stringify(join(import.meta.dirname, 'run-guarded.ts'))}
      const { exit } = await runGuarded({ program: '/bin/sh', programArguments: ['-c', process.argv[1]], cwd: '/',
        environment: () => ({ PATH: process.env.PATH }), onEnd() {} })
      console.log('exit', exit)`
    const node = ['--conditions=@exprsn/source', '--input-type=module', '-e', program, script]
    const [command, words] = throughShell
      ? ['/bin/sh', ['-c', '"$@"; true', 'npm', process.execPath, ...node]]
      : [process.execPath, node]
    const child = spawn(command as string, words as string[], { stdio: ['ignore', 'pipe', 'inherit'] })
    const output = { text: '' }
    child.stdout.on('data', (text: Buffer) => (output.text += text.toString()))
    await once(child.stdout, 'data')
    const [id, folder] = output.text.trim().split(' ') as [string, string]
    return { child, id: Number(id), folder, output }
  }

  function gone(id: number, folder: string): boolean {
    try {
      process.kill(id, 0)
      return false
    } catch {
      return !existsSync(folder)
    }
  }

  async function goneWithin(milliseconds: number, id: number, folder: string): Promise<boolean> {
    for (const end = performance.now() + milliseconds; performance.now() < end; await delay(20))
      if (gone(id, folder)) return true
    return false
  }

  const waiting = 'echo "$$ $TMPDIR"; exec sleep 60'

  it('by SIGKILL leaves neither program nor folder', async () => {
    const { child, id, folder } = await guardian(waiting)
    writeFileSync(join(folder, 'file'), '')
    child.kill('SIGKILL')
    expect(await goneWithin(5_000, id, folder)).toBe(true)
  })

  it('because the one that started it was killed leaves nothing either', async () => {
    const { child, id, folder } = await guardian(waiting, true)
    child.kill('SIGKILL')
    expect(await goneWithin(5_000, id, folder)).toBe(true)
  })

  it('at Ctrl-C passes it on, and ends in order', async () => {
    const { child, id, folder, output } = await guardian(
      `trap 'exit 9' INT; ${waiting.replace('exec sleep 60', 'while :; do sleep 0.02; done')}`,
    )
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(output.text).toContain('exit 9')
    expect(await goneWithin(5_000, id, folder)).toBe(true)
  })

  it('at the second Ctrl-C does not wait', async () => {
    const { child, id, folder, output } = await guardian(
      `trap '' INT; ${waiting.replace('exec sleep 60', 'while :; do sleep 0.02; done')}`,
    )
    child.kill('SIGINT')
    await delay(200)
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(output.text).toContain('exit SIGKILL')
    expect(await goneWithin(5_000, id, folder)).toBe(true)
  })
})

describe('ancestors', () => {
  it('begin with the process that started this one, and live', () => {
    expect(ancestors()[0]).toBe(process.ppid)
    expect(areAlive(ancestors())).toBe(true)
  })

  it('are dead when this process has another parent', () => {
    expect(areAlive([process.pid])).toBe(false)
    expect(areAlive([process.ppid, process.pid])).toBe(false)
  })
})
