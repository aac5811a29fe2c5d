"""What programs and data sets call the joints of a body: a table for each naming scheme, as data.

A line is a CMU joint and what it is called there; where several names are given, the first one that a file has counts.
Lines of the left side stand for both sides. ``spine`` and ``neck`` name all joints between hips and neck, and between
neck and head, from below; how many there are differs from file to file, and `cs2s.motion.joint_names` spreads those
that are there over CMU's. Prefixes, case, blanks, ``.``, ``_`` and ``-``, and whether a side is told by ``Left``, ``L``
or ``l``, before or behind, do not matter (`cs2s.motion.plain_names`), so that one table serves many spellings.
To add a scheme, add a table. Taught in ``notebooks/08_your_own_motion``.
"""

__all__ = ["TABLES"]

_HIK_LIMBS = """
    LeftUpLeg      LeftUpLeg
    LeftLeg        LeftLeg
    LeftFoot       LeftFoot
    LeftShoulder   LeftShoulder
    LeftArm        LeftArm
    LeftForeArm    LeftForeArm
    LeftHand       LeftHand
"""

TABLES = {
    # Also of LAFAN1, DeepMotion (hips_JNT, l_upleg_JNT) and most that MotionBuilder's HumanIK has seen.
    "Mixamo": _HIK_LIMBS
    + """
    Hips           Hips
    LeftToeBase    LeftToeBase LeftToe
    spine          Spine Spine1 Spine2
    neck           Neck
    Head           Head
    LeftHandIndex1 LeftHandIndex1
    LThumb         LeftHandThumb1
""",
    "CMU BVH": _HIK_LIMBS
    + """
    Hips           Hips
    LHipJoint      LHipJoint
    LeftToeBase    LeftToeBase
    LowerBack      LowerBack
    Spine          Spine
    Spine1         Spine1
    Neck           Neck
    Neck1          Neck1
    Head           Head
    LeftFingerBase LeftFingerBase
    LeftHandIndex1 LeftHandIndex1 LFingers
    LThumb         LThumb
""",
    "ASF": """
    Hips           root
    LHipJoint      lhipjoint
    LeftUpLeg      lfemur
    LeftLeg        ltibia
    LeftFoot       lfoot
    LeftToeBase    ltoes
    LowerBack      lowerback
    Spine          upperback
    Spine1         thorax
    Neck           lowerneck
    Neck1          upperneck
    Head           head
    LeftShoulder   lclavicle
    LeftArm        lhumerus
    LeftForeArm    lradius
    LeftHand       lwrist
    LeftFingerBase lhand
    LeftHandIndex1 lfingers
    LThumb         lthumb
""",
    "Human3.6M": _HIK_LIMBS
    + """
    Hips           Hips
    LeftToeBase    LeftToeBase
    spine          Spine Spine1
    neck           Neck
    Head           Head
    LThumb         LeftHandThumb
""",
    # Mocap suits that write more joints of the spine, with fingers that begin inside of the hand.
    "MotionBuilder, Perception Neuron": _HIK_LIMBS
    + """
    Hips           Hips Reference
    LeftToeBase    LeftToeBase
    spine          Spine Spine1 Spine2 Spine3 Spine4
    neck           Neck Neck1 Neck2 Neck3
    Head           Head
    LeftFingerBase LeftInHandIndex
    LeftHandIndex1 LeftHandIndex1
    LThumb         LeftHandThumb1
""",
    "Rokoko": """
    Hips           Hips
    LeftUpLeg      LeftThigh
    LeftLeg        LeftShin
    LeftFoot       LeftFoot
    LeftToeBase    LeftToe
    spine          Spine Spine1 Spine2 Spine3 Spine4
    neck           Neck
    Head           Head
    LeftShoulder   LeftShoulder
    LeftArm        LeftArm
    LeftForeArm    LeftForeArm
    LeftHand       LeftHand
    LeftFingerBase LeftFinger2Metacarpal
    LeftHandIndex1 LeftFinger2Proximal
    LThumb         LeftFinger1Metacarpal
""",
    # Biovision itself, 100STYLE, and BVH files of Xsens MVN.
    "Biovision": """
    Hips           Hips
    LeftUpLeg      LeftHip
    LeftLeg        LeftKnee
    LeftFoot       LeftAnkle LeftFoot
    LeftToeBase    LeftToe
    spine          Chest Chest2 Chest3 Chest4
    neck           Neck Neck2
    Head           Head
    LeftShoulder   LeftCollar
    LeftArm        LeftShoulder
    LeftForeArm    LeftElbow
    LeftHand       LeftWrist LeftHand
    LThumb         LeftThumb
""",
    "CMU for 3ds Max": """
    Hips           Hips
    LHipJoint      LHipJoint
    LeftUpLeg      LeftHip
    LeftLeg        LeftKnee
    LeftFoot       LeftAnkle
    LeftToeBase    LeftToe
    LowerBack      lowerback
    Spine          Chest
    Spine1         Chest2
    Neck           lowerneck
    Neck1          Neck
    Head           Head
    LeftShoulder   LeftCollar
    LeftArm        LeftShoulder
    LeftForeArm    LeftElbow
    LeftHand       LeftWrist
    LeftFingerBase lhand
    LeftHandIndex1 LFingers
    LThumb         LThumb
""",
    "Xsens MVN": """
    Hips           Pelvis
    LeftUpLeg      LeftUpperLeg
    LeftLeg        LeftLowerLeg
    LeftFoot       LeftFoot
    LeftToeBase    LeftToe
    spine          L5 L3 T12 T8
    neck           Neck
    Head           Head
    LeftShoulder   LeftShoulder
    LeftArm        LeftUpperArm
    LeftForeArm    LeftForeArm
    LeftHand       LeftHand
""",
    "Poser, DAZ": """
    Hips           hip
    LHipJoint      lButtock
    LeftUpLeg      lThigh
    LeftLeg        lShin
    LeftFoot       lFoot
    LeftToeBase    lToe
    spine          abdomen abdomen2 waist chest
    neck           neck
    Head           head
    LeftShoulder   lCollar
    LeftArm        lShldr
    LeftForeArm    lForeArm
    LeftHand       lHand
    LeftHandIndex1 lIndex1
    LThumb         lThumb1
""",
    # From Genesis 3 on; Genesis 9 says l_upperarm and l_shoulder, see the next one.
    "DAZ Genesis": """
    Hips           hip pelvis
    LeftUpLeg      lThighBend
    LeftLeg        lShin
    LeftFoot       lFoot
    LeftToeBase    lToe
    spine          abdomenLower abdomenUpper chestLower chestUpper
    neck           neckLower neckUpper
    Head           head
    LeftShoulder   lCollar
    LeftArm        lShldrBend
    LeftForeArm    lForearmBend
    LeftHand       lHand
    LeftFingerBase lCarpal1
    LeftHandIndex1 lIndex1
    LThumb         lThumb1
""",
    "DAZ Genesis 9": """
    Hips           hip pelvis
    LeftUpLeg      l_thigh
    LeftLeg        l_shin
    LeftFoot       l_foot
    LeftToeBase    l_toes
    spine          spine1 spine2 spine3 spine4
    neck           neck1 neck2
    Head           head
    LeftShoulder   l_shoulder
    LeftArm        l_upperarm
    LeftForeArm    l_forearm
    LeftHand       l_hand
    LeftFingerBase l_indexmetacarpal
    LeftHandIndex1 l_index1
    LThumb         l_thumb1
""",
    # With a prefix and blanks: Bip01 L Thigh, Bip001 Spine.
    "3ds Max Biped": """
    Hips           Pelvis
    LeftUpLeg      L_Thigh
    LeftLeg        L_Calf
    LeftFoot       L_Foot
    LeftToeBase    L_Toe0
    spine          Spine Spine1 Spine2 Spine3 Spine4
    neck           Neck Neck1 Neck2
    Head           Head
    LeftShoulder   L_Clavicle
    LeftArm        L_UpperArm
    LeftForeArm    L_Forearm
    LeftHand       L_Hand
    LeftHandIndex1 L_Finger1
    LThumb         L_Finger0
""",
    # The foot of SMPL is the ball of the foot. SMPL-X says left_hip, files of the model itself m_avg_L_Hip.
    "SMPL": """
    Hips           Pelvis
    LeftUpLeg      L_Hip
    LeftLeg        L_Knee
    LeftFoot       L_Ankle
    LeftToeBase    L_Foot L_Toe
    spine          Spine1 Spine2 Spine3
    neck           Neck
    Head           Head
    LeftShoulder   L_Collar
    LeftArm        L_Shoulder
    LeftForeArm    L_Elbow
    LeftHand       L_Wrist
    LeftHandIndex1 L_Index1
    LThumb         L_Thumb1
""",
    # Humanoids of Unity (leftUpperLeg), VRM and VRoid (J_Bip_L_UpperLeg), and Bandai Namco's data set (UpperLeg_L).
    "Unity, VRM": """
    Hips           Hips
    LeftUpLeg      LeftUpperLeg
    LeftLeg        LeftLowerLeg
    LeftFoot       LeftFoot
    LeftToeBase    LeftToes LeftToeBase
    spine          Spine Chest UpperChest
    neck           Neck
    Head           Head
    LeftShoulder   LeftShoulder
    LeftArm        LeftUpperArm
    LeftForeArm    LeftLowerArm
    LeftHand       LeftHand
    LeftHandIndex1 LeftIndexProximal LeftIndex1
    LThumb         LeftThumbProximal LeftThumbMetacarpal LeftThumb1
""",
    "Unreal": """
    Hips           pelvis
    LeftUpLeg      thigh_l
    LeftLeg        calf_l
    LeftFoot       foot_l
    LeftToeBase    ball_l
    spine          spine_01 spine_02 spine_03 spine_04 spine_05
    neck           neck_01 neck_02
    Head           head
    LeftShoulder   clavicle_l
    LeftArm        upperarm_l
    LeftForeArm    lowerarm_l
    LeftHand       hand_l
    LeftFingerBase index_metacarpal_l
    LeftHandIndex1 index_01_l
    LThumb         thumb_01_l
""",
    # The first joint of Rigify's spine is the hips; bones that deform say DEF-thigh.L.
    "Blender Rigify": """
    Hips           spine
    LHipJoint      pelvis.L
    LeftUpLeg      thigh.L
    LeftLeg        shin.L
    LeftFoot       foot.L
    LeftToeBase    toe.L
    spine          spine.001 spine.002 spine.003
    neck           spine.004 spine.005
    Head           spine.006
    LeftShoulder   shoulder.L
    LeftArm        upper_arm.L
    LeftForeArm    forearm.L
    LeftHand       hand.L
    LeftFingerBase palm.01.L
    LeftHandIndex1 f_index.01.L
    LThumb         thumb.01.L
""",
    "MakeHuman": """
    Hips           root
    LHipJoint      pelvis.L
    LeftUpLeg      upperleg01.L
    LeftLeg        lowerleg01.L
    LeftFoot       foot.L
    LeftToeBase    toe1-1.L
    spine          spine05 spine04 spine03 spine02 spine01
    neck           neck01 neck02 neck03
    Head           head
    LeftShoulder   clavicle.L
    LeftArm        upperarm01.L
    LeftForeArm    lowerarm01.L
    LeftHand       wrist.L
    LeftFingerBase metacarpal1.L
    LeftHandIndex1 finger2-1.L
    LThumb         finger1-1.L
""",
    "OptiTrack": """
    Hips           Hip
    LeftUpLeg      LThigh
    LeftLeg        LShin
    LeftFoot       LFoot
    LeftToeBase    LToe
    spine          Ab Spine2 Spine3 Spine4 Chest
    neck           Neck Neck2
    Head           Head
    LeftShoulder   LShoulder
    LeftArm        LUArm
    LeftForeArm    LFArm
    LeftHand       LHand
    LeftHandIndex1 LIndex1
    LThumb         LThumb1
""",
    "GAMES-105": """
    Hips           RootJoint
    LeftUpLeg      lHip
    LeftLeg        lKnee
    LeftFoot       lAnkle
    LeftToeBase    lToeJoint
    spine          pelvis_lowerback lowerback_upperwaist lowerback_torso
    neck           torso_head
    LeftShoulder   lTorso_Clavicle
    LeftArm        lShoulder
    LeftForeArm    lElbow
    LeftHand       lWrist
""",
    "Kinect": """
    Hips           SpineBase
    LeftUpLeg      HipLeft
    LeftLeg        KneeLeft
    LeftFoot       AnkleLeft
    LeftToeBase    FootLeft
    spine          SpineMid SpineShoulder
    neck           Neck
    Head           Head
    LeftArm        ShoulderLeft
    LeftForeArm    ElbowLeft
    LeftHand       WristLeft
    LeftHandIndex1 HandTipLeft
    LThumb         ThumbLeft
""",
    # Reallusion's iClone and Character Creator: CC_Base_L_Thigh.
    "Character Creator": """
    Hips           Hip
    LeftUpLeg      L_Thigh
    LeftLeg        L_Calf
    LeftFoot       L_Foot
    LeftToeBase    L_ToeBase
    spine          Waist Spine01 Spine02
    neck           NeckTwist01 NeckTwist02
    Head           Head
    LeftShoulder   L_Clavicle
    LeftArm        L_Upperarm
    LeftForeArm    L_Forearm
    LeftHand       L_Hand
    LeftHandIndex1 L_Index1
    LThumb         L_Thumb1
""",
    # AdvancedSkeleton for Maya.
    "AdvancedSkeleton": """
    Hips           Root_M
    LeftUpLeg      Hip_L
    LeftLeg        Knee_L
    LeftFoot       Ankle_L
    LeftToeBase    Toes_L
    spine          Spine1_M Spine2_M Spine3_M Chest_M
    neck           Neck_M
    Head           Head_M
    LeftShoulder   Scapula_L
    LeftArm        Shoulder_L
    LeftForeArm    Elbow_L
    LeftHand       Wrist_L
    LeftHandIndex1 IndexFinger1_L
    LThumb         ThumbFinger1_L
""",
    "Auto-Rig Pro": """
    Hips           root.x
    LeftUpLeg      thigh_stretch.l
    LeftLeg        leg_stretch.l
    LeftFoot       foot.l
    LeftToeBase    toes_01.l
    spine          spine_01.x spine_02.x spine_03.x
    neck           neck.x
    Head           head.x
    LeftShoulder   shoulder.l
    LeftArm        arm_stretch.l
    LeftForeArm    forearm_stretch.l
    LeftHand       hand.l
    LeftHandIndex1 index1.l
    LThumb         thumb1.l
""",
    # Files of Biovision's own studio, of before the joints' names that others took over.
    "Biovision, older": """
    Hips           Hips
    LeftUpLeg      LeftUpLeg
    LeftLeg        LeftLowLeg
    LeftFoot       LeftFoot
    spine          Chest
    neck           Neck
    Head           Head
    LeftShoulder   LeftCollar
    LeftArm        LeftUpArm
    LeftForeArm    LeftLowArm
    LeftHand       LeftHand
""",
    "Sony mocopi": """
    Hips           root
    LeftUpLeg      l_up_leg
    LeftLeg        l_low_leg
    LeftFoot       l_foot
    LeftToeBase    l_toes
    spine          torso_1 torso_2 torso_3 torso_4 torso_5 torso_6 torso_7
    neck           neck_1 neck_2
    Head           head
    LeftShoulder   l_shoulder
    LeftArm        l_up_arm
    LeftForeArm    l_low_arm
    LeftHand       l_hand
""",
    # Maya: the shoulder is the upper arm, as with Biovision.
    "Advanced Skeleton": """
    Hips           Root_M
    LeftUpLeg      Hip_L
    LeftLeg        Knee_L
    LeftFoot       Ankle_L
    LeftToeBase    Toes_L
    spine          Spine1_M Spine2_M Spine3_M Chest_M
    neck           Neck_M
    Head           Head_M
    LeftShoulder   Scapula_L
    LeftArm        Shoulder_L
    LeftForeArm    Elbow_L
    LeftHand       Wrist_L
    LeftHandIndex1 IndexFinger1_L
    LThumb         ThumbFinger1_L
""",
    "iPi Soft": """
    Hips           Hip
    LeftUpLeg      LThigh
    LeftLeg        LShin
    LeftFoot       LFoot
    LeftToeBase    LToe
    spine          LowerSpine MiddleSpine Chest
    neck           Neck
    Head           Head
    LeftShoulder   LClavicle
    LeftArm        LShoulder
    LeftForeArm    LForearm
    LeftHand       LHand
""",
    # Blender rigs with the limbs' names of Rigify and a spine with words.
    "Blender, spine in words": """
    Hips           hips
    LeftUpLeg      thigh.L
    LeftLeg        shin.L
    LeftFoot       foot.L
    LeftToeBase    toe.L
    spine          spine chest
    neck           neck
    Head           head
    LeftShoulder   shoulder.L
    LeftArm        upper_arm.L
    LeftForeArm    forearm.L
    LeftHand       hand.L
    LeftHandIndex1 f_index.01.L
    LThumb         thumb.01.L
""",
}
"""Naming scheme -> its table; of schemes that fit a file equally well the first one is taken."""
