import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy that passes every request on, and breaks the connection instead of giving some of the answers. */
export interface ForgetfulProxy extends AsyncDisposable {
  readonly url: string
  /** Answers that came, and those of them that were not given. */
  readonly answers: { given: number; lost: number }
}

/** Of ten answers these three are lost. */
const lost = [1, 4, 7]

/** Starts one in front of a server. */
export async function startForgetfulProxy(target: string): Promise<ForgetfulProxy> {
  const answers = { given: 0, lost: 0 }
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const onward = forward(new URL(url!, target), { method, headers, agent: false }, (answer) => {
      // Only what the server has done is forgotten: it has answered.
      if (lost.includes((answers.given + answers.lost) % 10)) {
        answers.lost++
        answer.resume()
        outgoing.destroy()
        return
      }
      answers.given++
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
