/** The package's entry in Node: the lab, with images from this package's own folder. */
import { Images, Lab, type LabOptions } from "../lab/index.js";
import { nodeImageSource } from "./image-source.js";

export * from "../lab/index.js";
export { IMAGES_FOLDER, nodeImageSource } from "./image-source.js";

export interface BootOptions extends LabOptions {
  /** Where the images are, when not in the package. */
  readonly imagesFolder?: string;
}

/**
 * Starts a guest and waits until it answers. Close it with `lab.close()` or `await using`.
 * @throws LabError when an image is missing or damaged, or the guest does not come up.
 */
export async function bootLab(options: BootOptions = {}): Promise<Lab> {
  const { imagesFolder, ...labOptions } = options;
  const images = await Images.open(nodeImageSource(imagesFolder));
  return Lab.boot(images, labOptions);
}
