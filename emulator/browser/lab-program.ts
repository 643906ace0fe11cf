/**
 * What a worker needs to boot a lab, to be imported when the downloads are under way: most of a
 * worker's script is in here, and it takes as long to compile as they take to come.
 */
export { Images, Lab } from "../lab/index.js";
export { RunningLab } from "./running-lab.js";
