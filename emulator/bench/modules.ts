import { parseTar } from "nanotar";
import { Images, type Lab } from "../lab/index.js";
import { nodeImageSource } from "../node/image-source.js";
import { MODULES } from "./healthy-loads.js";

/** Puts the test modules of the image set into the guest's {@link MODULES}. */
export async function unpackModules(lab: Lab): Promise<void> {
  const images = await Images.open(nodeImageSource());
  const archive = await images.source.gunzip(await images.read("i686/modules.tar.gz"));
  for (const { name, data } of parseTar(archive)) {
    const file = name.split("/").at(-1);
    if (file?.endsWith(".ko") && data !== undefined)
      await lab.writeFile(`${MODULES}/${file}`, data);
  }
}
