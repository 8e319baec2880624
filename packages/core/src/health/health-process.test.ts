import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const health = fileURLToPath(new URL('index.ts', import.meta.url))
const lifecycle = fileURLToPath(new URL('../lifecycle/index.ts', import.meta.url))

const program = `
import { createServer } from 'node:http'
import { createHealth, createHealthHandler } from ${JSON.stringify(health)}
import { createLifecycle } from ${JSON.stringify(lifecycle)}
const health = createHealth({ checks: { database: { check: () => {} } }, drainDelay: 400 })
const handler = createHealthHandler(health)
const server = createServer(async (request, response) => {
  const answer = await handler(new Request('http://localhost' + request.url))
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), connection: 'close' })
  response.end(await answer.text())
})
const lifecycle = createLifecycle({ deadline: '5s' })
lifecycle.add({
  name: 'server',
  start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)),
  stop: () => new Promise((resolve) => server.close(resolve)),
})
lifecycle.add(health.component({ dependsOn: ['server'] }))
await lifecycle.start()
console.log(server.address().port)
`

async function probe(port: number): Promise<number | 'refused'> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`)
    await response.arrayBuffer()
    return response.status
  } catch {
    return 'refused'
  }
}

describe('a real server that receives SIGTERM', () => {
  it('is seen not to be ready before it refuses connections, and refuses nobody until then', async () => {
    const flags = ['--no-warnings', '--conditions=@exprsn/source', '--input-type=module']
    const child = spawn(process.execPath, [...flags, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const port = await new Promise<number>((resolve) =>
      child.stdout.once('data', (bytes: Buffer) => resolve(Number(bytes.toString()))),
    )
    const answers = [await probe(port)]
    child.kill('SIGTERM')
    while (answers.at(-1) !== 'refused') {
      answers.push(await probe(port))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(await ended).toBe(0)
    // Ready, then not ready for the whole delay, then gone: in this order and without a gap.
    const phases = answers.filter((answer, index) => answer !== answers[index - 1])
    expect(phases).toEqual([200, 503, 'refused'])
    expect(answers.filter((answer) => answer === 503).length).toBeGreaterThan(5)
  })
})
