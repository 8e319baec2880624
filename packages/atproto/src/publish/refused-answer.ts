import type { XrpcAnswer } from './publish-account.ts'

/** An answer that ends a run, on its way to where it is judged; nobody outside sees it. */
export class RefusedAnswer extends Error {
  readonly method: string
  readonly answer: XrpcAnswer

  constructor(method: string, answer: XrpcAnswer) {
    super(method)
    this.method = method
    this.answer = answer
  }
}
