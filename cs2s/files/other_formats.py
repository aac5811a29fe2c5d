"""Formats of motion that are not read here: what each is, and the way to one that is, as data.

To add one, add a line. Taught in ``notebooks/08_your_own_motion``.
"""

__all__ = ["OTHERS"]

_BLENDER = "open it in Blender (File, Import) and export its armature as BVH"
_MARKERS = "they have no skeleton; solve them onto one first (Vicon, OptiTrack, Blender, MotionBuilder) and export BVH"
_SMPL = "SMPL poses are read from .npz: numpy.savez('walk.npz', poses=..., trans=..., mocap_framerate=...)"

OTHERS = {
    ".fbx": ("an Autodesk FBX scene", _BLENDER),
    ".glb": ("a glTF scene", _BLENDER),
    ".gltf": ("a glTF scene", _BLENDER),
    ".vrm": ("a VRM avatar", "open it in Blender by the VRM add-on and export its armature as BVH"),
    ".vrma": ("a VRM animation", "open it in Blender by the VRM add-on and export its armature as BVH"),
    ".blend": ("a Blender file", "open it in Blender and export its armature as BVH"),
    ".dae": ("a COLLADA scene", _BLENDER),
    ".usd": ("a USD scene", _BLENDER),
    ".usda": ("a USD scene", _BLENDER),
    ".usdc": ("a USD scene", _BLENDER),
    ".usdz": ("a USD scene", _BLENDER),
    ".abc": ("an Alembic cache", "it holds moving surfaces without joints; export BVH from the program that made it"),
    ".ma": ("a Maya scene", "export FBX from Maya, open that in Blender and export its armature as BVH"),
    ".mb": ("a Maya scene", "export FBX from Maya, open that in Blender and export its armature as BVH"),
    ".max": (
        "a 3ds Max scene",
        "save the Biped's motion as BVH in 3ds Max, or export FBX and turn that into BVH in Blender",
    ),
    ".bip": ("a 3ds Max Biped motion", "load it onto a Biped in 3ds Max and save that as BVH"),
    ".vmd": ("an MMD motion", "open it in Blender by the MMD add-on and export the armature as BVH"),
    ".c3d": ("C3D marker positions", _MARKERS),
    ".trc": ("TRC marker positions", _MARKERS),
    ".mot": (
        "OpenSim joint angles",
        "they belong to a model of its own; export BVH from the program that recorded them",
    ),
    ".mvnx": ("an Xsens MVN recording", "export BVH from Xsens MVN (File, Export)"),
    ".mvn": ("an Xsens MVN recording", "export BVH from Xsens MVN (File, Export)"),
    ".tak": ("an OptiTrack take", "export BVH from Motive"),
    ".cdf": (
        "CDF, as Human3.6M publishes its poses",
        "the benchmark's exponential maps are rows of 99 numbers in .txt files; 'cs2s data info human3.6m' says where "
        "they come from",
    ),
    ".npy": ("a NumPy array, which does not say what it holds", _SMPL),
    ".pkl": ("a Python pickle, which can run any program when it is opened", _SMPL),
    ".pickle": ("a Python pickle, which can run any program when it is opened", _SMPL),
    ".pt": ("a PyTorch file, which can run any program when it is opened", _SMPL),
    ".pth": ("a PyTorch file, which can run any program when it is opened", _SMPL),
    ".mat": ("a MATLAB file, which does not say what it holds", "export BVH from the program that made it"),
    ".csv": (
        "a table, which does not say what its columns are",
        "export BVH from the program that made it; rows of the benchmark are numbers alone, in a .txt file",
    ),
    ".tsv": ("a table, which does not say what its columns are", "export BVH from the program that made it"),
    ".json": ("JSON, which does not say how joints are told", "export BVH from the program that made it"),
    ".zip": ("an archive", "unpack it and name a file that is in it"),
}
"""Ending -> what such a file is, and the way from there to a file that is read; README shows the table."""
