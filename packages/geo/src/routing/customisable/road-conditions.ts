import type { VehicleSize } from '../../graph/profile/road-profile.ts'
import type { FenceGeometry } from '../../fence/feature.ts'
import type { RoadEdge } from './road-edge.ts'

/** What holds on the roads for a while. */
export interface RoadConditions {
  /**
   * Areas in which no road may be used: what runs through one is closed as a whole, from junction to junction.
   * @default none
   */
  readonly avoid?: readonly AvoidedArea[] | undefined
  /**
   * Asked for every edge: km/h that are driven there now, 0 where it is closed, undefined for what is usual.
   * @default what is usual
   */
  readonly speed?: ((edge: RoadEdge) => number | undefined) | undefined
  /**
   * What is to be fitted through. The graph holds the limits of its roads where its profile has a `vehicle`: build it with
   * `vehicle: {}`, for what that one does not fit through is left out.
   * @default the profile's
   */
  readonly vehicle?: VehicleSize | undefined
}

/** An area in GeoJSON; even-odd, so holes are left out. */
export type AvoidedArea = Extract<FenceGeometry, { readonly type: 'Polygon' | 'MultiPolygon' }>
