import { describe, expect, it } from 'vitest'
import { capture } from './run.ts'

describe.each(['check', 'fix', 'docs'])('npm run %s', (task) => {
  const call = (...args: string[]) =>
    capture('node', ['--conditions=@exprsn/source', `scripts/tasks/${task}.ts`, ...args])

  it('prints its help', async () => {
    const { code, stdout } = await call('--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^npm run ${task}`))
  })

  it.each([
    ['--unknown', '--unknown'],
    ['surplus', 'surplus'],
  ])('refuses %s in one line', async (argument, named) => {
    const { code, output } = await call(argument)
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(output).toContain(named)
    expect(output).toContain('--help')
  })
})

describe('npm run check', () => {
  it('refuses a step that does not exist, naming those that do', async () => {
    const { code, output } = await capture('node', ['scripts/tasks/check.ts', '--only', 'taste'])
    expect(code).toBe(1)
    expect(output).toMatch(/^There is no step "taste"\. Steps: format, lint, .*snippets\.\n$/)
  })
})

describe('capture', () => {
  it('gives a failure as a result, and kills what takes too long', async () => {
    const failed = await capture('node', ['-e', 'console.log(1); console.error(2); process.exit(3)'])
    expect(failed).toMatchObject({ code: 3, signal: null, stdout: '1\n', stderr: '2\n' })
    expect(await capture('node', ['-e', 'while (true);'], { timeout: 200 })).toMatchObject({
      signal: 'SIGKILL',
      code: 1,
    })
  })

  it('says which command is missing', async () => {
    await expect(capture('no-such-command', [])).rejects.toThrow('Could not run "no-such-command"')
  })
})
