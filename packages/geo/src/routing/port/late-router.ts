import { routingErrors } from '../errors.ts'
import type { IsochroneRequest, IsochroneResult } from './isochrone-request.ts'
import type { MatchRequest, MatchResult } from './match-request.ts'
import type { MatrixRequest, MatrixResult } from './matrix-request.ts'
import type { RouteRequest, RouteResult } from './route-request.ts'
import type { Router } from './router.ts'

/** A router that is made for the first request. When it cannot be made, every request fails with the reason. */
export class LateRouter implements Router {
  #make: (() => Router) | undefined
  #made: Router | undefined

  constructor(make: () => Router) {
    this.#make = make
  }

  async route(request: RouteRequest): Promise<RouteResult> {
    return this.#router().route(request)
  }

  async matrix(request: MatrixRequest): Promise<MatrixResult> {
    return this.#router().matrix(request)
  }

  async isochrone(request: IsochroneRequest): Promise<IsochroneResult> {
    return this.#router().isochrone(request)
  }

  async match(request: MatchRequest): Promise<MatchResult> {
    return this.#router().match(request)
  }

  async close(): Promise<void> {
    this.#make = undefined
    await this.#made?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #router(): Router {
    if (this.#made !== undefined) return this.#made
    if (this.#make === undefined) throw routingErrors.GEO_ROUTER_CLOSED()
    try {
      this.#made = this.#make()
    } catch (error) {
      // What it would be made of is not kept, and not looked at again.
      this.#make = () => {
        throw error
      }
      throw error
    }
    this.#make = undefined
    return this.#made
  }
}
