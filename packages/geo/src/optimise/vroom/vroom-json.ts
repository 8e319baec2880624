/**
 * The JSON that VROOM takes, as its documentation of version 1.15 has it (docs/API.md of VROOM-Project/vroom). Times are whole seconds,
 * distances metres, positions longitude and latitude.
 */
export interface VroomInput {
  readonly vehicles: readonly VroomVehicle[]
  readonly jobs?: readonly VroomJob[] | undefined
  readonly shipments?: readonly VroomShipment[] | undefined
  /** By profile; row by row. */
  readonly matrices?: Readonly<Record<string, VroomMatrix>> | undefined
  /** The older form: seconds for all vehicles. */
  readonly matrix?: readonly (readonly number[])[] | undefined
}

/** Tables of one profile. */
export interface VroomMatrix {
  readonly durations?: readonly (readonly number[])[] | undefined
  readonly distances?: readonly (readonly number[])[] | undefined
}

/** Degrees, WGS 84. */
export type VroomCoordinates = readonly [longitude: number, latitude: number]
/** Seconds of the plan's clock, both included. */
export type VroomWindow = readonly [start: number, end: number]

/** A place where something is done. */
export interface VroomTask {
  readonly id: number
  readonly description?: string | undefined
  readonly location?: VroomCoordinates | undefined
  readonly location_index?: number | undefined
  readonly setup?: number | undefined
  readonly service?: number | undefined
  readonly time_windows?: readonly VroomWindow[] | undefined
}

/** A visit that stands alone. */
export interface VroomJob extends VroomTask {
  readonly delivery?: readonly number[] | undefined
  readonly pickup?: readonly number[] | undefined
  readonly skills?: readonly number[] | undefined
  readonly priority?: number | undefined
}

/** Goods from one place to another. */
export interface VroomShipment {
  readonly pickup: VroomTask
  readonly delivery: VroomTask
  readonly amount?: readonly number[] | undefined
  readonly skills?: readonly number[] | undefined
  readonly priority?: number | undefined
}

/** What drives. */
export interface VroomVehicle {
  readonly id: number
  readonly description?: string | undefined
  readonly profile?: string | undefined
  readonly start?: VroomCoordinates | undefined
  readonly start_index?: number | undefined
  readonly end?: VroomCoordinates | undefined
  readonly end_index?: number | undefined
  readonly capacity?: readonly number[] | undefined
  readonly costs?:
    | {
        readonly fixed?: number | undefined
        readonly per_hour?: number | undefined
        readonly per_km?: number | undefined
      }
    | undefined
  readonly skills?: readonly number[] | undefined
  readonly time_window?: VroomWindow | undefined
  readonly breaks?:
    | readonly {
        readonly id: number
        readonly time_windows?: readonly VroomWindow[] | undefined
        readonly service?: number | undefined
      }[]
    | undefined
  readonly speed_factor?: number | undefined
  readonly max_tasks?: number | undefined
  readonly max_travel_time?: number | undefined
  readonly max_distance?: number | undefined
  readonly steps?: readonly { readonly type: string; readonly id?: number | undefined }[] | undefined
}

/** What VROOM answers, as far as plans are concerned. */
export interface VroomSolution {
  /** 0: solved. */
  readonly code: number
  readonly error?: string | undefined
  readonly summary?: VroomSummary | undefined
  readonly unassigned?: readonly {
    readonly id: number
    readonly type?: string | undefined
    readonly description?: string | undefined
  }[]
  readonly routes?: readonly VroomRoute[] | undefined
}

/** Sums over routes. */
export interface VroomSummary {
  readonly cost: number
  readonly routes: number
  readonly unassigned: number
  readonly setup: number
  readonly service: number
  readonly duration: number
  readonly waiting_time: number
  readonly priority: number
  readonly distance: number
  readonly violations: readonly unknown[]
}

/** One vehicle's route. */
export interface VroomRoute {
  readonly vehicle: number
  readonly cost: number
  readonly setup: number
  readonly service: number
  readonly duration: number
  readonly waiting_time: number
  readonly priority: number
  readonly distance?: number | undefined
  readonly steps: readonly VroomStep[]
  readonly violations?: readonly unknown[] | undefined
}

/** One thing that a vehicle does. */
export interface VroomStep {
  readonly type: 'start' | 'job' | 'pickup' | 'delivery' | 'break' | 'end'
  readonly id?: number | undefined
  readonly arrival: number
  /** Seconds of travel up to here. */
  readonly duration: number
  readonly setup?: number | undefined
  readonly service?: number | undefined
  readonly waiting_time?: number | undefined
  readonly load?: readonly number[] | undefined
  readonly location?: VroomCoordinates | undefined
  readonly location_index?: number | undefined
  readonly distance?: number | undefined
}
